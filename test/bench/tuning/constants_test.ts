import { assert, assertEquals } from "@std/assert";
import { CONSTANTS, TUNED } from "./constants.ts";
import { halfAndDouble, override, valueOf } from "./override.ts";

const root = new URL("../../../", import.meta.url);
const read = (path: string) => Deno.readTextFileSync(new URL(path, root));

/**
 * Numbers in these modules that no search of the measured kind depends on: codes, layouts, sizes of
 * tables, and those of a campaign that watches lines.
 */
const NOT_TUNED: Readonly<Record<string, readonly string[]>> = {
  "campaign.ts": ["ANEW", "AS_IT_IS", "FAR", "NEARLY", "OF_EIGHT", "PROBES", "THROUGH"],
  "changes.ts": ["BEHIND_LAST"],
  "events.ts": ["SWITCH", "DEMOTE", "INTERRUPT", "SOFTIRQ"],
  "generate.ts": ["BATCH"],
  "lock_orders.ts": ["HASH_BITS"],
  "minimize.ts": ["PROGRESS_EVERY"],
  "portfolio.ts": ["MANY", "WALKS"],
  "packed_spec.ts": ["MADE", "MOSTLY_MADE"],
  "repair.ts": ["AT_BOOT", "FIRST", "ON_CPUS"],
  "rff.ts": ["PAIR_BITS"],
  "search.ts": ["SEARCH_BUDGET"],
  "settler.ts": ["SETTLED"],
  "unturned_meetings.ts": ["PLACES"],
};

Deno.test("every tuned constant is a number that can be given another value", () => {
  for (const { path, own, name, min } of CONSTANTS) {
    const source = read(path);
    for (const value of halfAndDouble(valueOf(source, own), min)) {
      assertEquals(valueOf(override(source, own, value), own), value, name);
    }
  }
  const names = CONSTANTS.map((c) => c.name);
  assertEquals(new Set(names).size, names.length);
});

Deno.test("every number of the engine that is not a code or a layout is measured", () => {
  const engine = new Set(TUNED.map((t) => t.path).filter((p) => p.startsWith("src/engine/")));
  for (const path of engine) {
    const found = [...read(path).matchAll(/^(?:export )?const (\w+) = \d[\d_]*;$/gm)];
    const others = NOT_TUNED[path.slice(path.lastIndexOf("/") + 1)] ?? [];
    const listed = CONSTANTS.filter((c) => c.path === path).map((c) => c.own);
    const missing = found.map(([, name]) => name)
      .filter((name) => !listed.includes(name) && !others.includes(name));
    assertEquals(missing, [], path);
  }
});

Deno.test("no draw of the engine has a bare number", () => {
  for (const dir of ["campaign", "programs", "strategies", "triage"]) {
    for (const { name } of Deno.readDirSync(new URL(`src/engine/${dir}/`, root))) {
      const bare = read(`src/engine/${dir}/${name}`).match(/\b(?:oneIn|below)\(\d+\)/g) ?? [];
      assert(bare.length === 0, `${dir}/${name}: ${bare}`);
    }
  }
});
