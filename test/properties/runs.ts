/** One seed for all properties; FUZZ_TEST_SEED sets another where it may be read. */
const query = { name: "env", variable: "FUZZ_TEST_SEED" } as const;
const given = Deno.permissions.querySync(query).state === "granted"
  ? Deno.env.get(query.variable)
  : undefined;

export const SEED = Number(given ?? 20200203);

/** Options of fc.assert(); a failure prints the seed. */
export const RUNS = { seed: SEED, numRuns: 200 };
