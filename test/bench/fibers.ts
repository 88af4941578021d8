/**
 * Compares fibers and Workers on random inputs, as many as asked for: `deno task fibers 100000`.
 *
 * Half of the inputs run on each of two kernels, half of these with KCSAN, all at random preemption
 * models and strategies. The first difference ends it, with the input.
 */
import type { FibersOrder, FibersResult } from "./fibers_worker.ts";

const MACHINES = ["posted", "v5.9"].flatMap((kernel) =>
  (["off", "strict"] as const).map((kcsan) => ({ kernel, kcsan }))
);

function run(order: FibersOrder): Promise<FibersResult> {
  const worker = new Worker(new URL("./fibers_worker.ts", import.meta.url), { type: "module" });
  const done = Promise.withResolvers<FibersResult>();
  worker.onmessage = ({ data }: MessageEvent<FibersResult>) => done.resolve(data);
  worker.onerror = (e) => done.reject(e.error ?? new Error(e.message));
  worker.postMessage(order);
  return done.promise.finally(() => worker.terminate());
}

if (import.meta.main) {
  const inputs = Math.ceil(Number(Deno.args[0] ?? 100_000) / MACHINES.length);
  for (const machine of MACHINES) {
    const { compared, difference, left } = await run({ ...machine, inputs, seed: 20200203 });
    console.log(
      `${machine.kernel}, kcsan ${machine.kcsan}: ${compared} equal, ${left} left to Workers`,
    );
    if (difference === null) continue;
    console.error(difference);
    Deno.exit(79);
  }
}
