import { assert, assertEquals } from "@std/assert";
import { trialsApart } from "./alone.ts";
import { type Listed, PROGRAMS } from "./programs.ts";

/** Executions in which the bug is found, several times as many as the search needs. */
const MOST = 3000;
const MOST_IF_HARD = 200_000;
/** Executions in which a program without a bug must be silent. */
const SILENT = 300;

function tried(p: Listed, most: number): Promise<(number | null)[]> {
  return trialsApart({ ...p, trials: 1, most, strategy: p.isHard ? "explore" : "pct" });
}

/** The program of each module: the smallest of a family, since the others are the same. */
function perModule(): Listed[] {
  const first = new Map<string, Listed>();
  for (const p of PROGRAMS) {
    const file = p.module.split("?")[0];
    if (p.needs === undefined && !first.has(file)) first.set(file, p);
  }
  return [...first.values()];
}

/** The same program with its bug mended: any finding would be one too many. */
function mended(p: Listed): Listed {
  return { ...p, bug: null, module: `${p.module}${p.module.includes("?") ? "&" : "?"}mended` };
}

for (const p of perModule().filter(({ bug }) => bug !== null)) {
  Deno.test(`sctbench: the bug of ${p.name} is found`, async () => {
    const [executions] = await tried(p, p.isHard ? MOST_IF_HARD : MOST);
    assert(executions !== null && executions >= 1);
  });
}

for (const p of perModule()) {
  Deno.test(`sctbench: ${p.name} is silent when it is mended`, async () => {
    assertEquals(await tried(mended(p), SILENT), [null]);
  });
}
