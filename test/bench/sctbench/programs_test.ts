import { assert, assertEquals } from "@std/assert";
import { trialsApart } from "./alone.ts";
import { KERNEL_LIMITS } from "../../../src/prog/types.ts";
import { type Listed, PROGRAMS } from "./programs.ts";

/** Executions in which the bug is found, several times as many as the search needs. */
const MOST = 3000;
const MOST_IF_HARD = 200_000;
/** Executions in which a program without a bug must be silent. */
const SILENT = 300;

/** PCT finds every bug, but for those of programs with many threads. */
function tried(p: Listed, most: number): Promise<(number | null)[]> {
  const strategy = p.isHard ? "explore" : isWide(p) ? "portfolio" : "pct";
  return trialsApart({ ...p, trials: 1, most, strategy });
}

/** Whether it has more threads than a kernel has CPUs: fibers run it. */
function isWide({ cpus }: Listed): boolean {
  return cpus > KERNEL_LIMITS.cpus;
}

/** The program of each module, the smallest of a family; and those that fibers run. */
function perModule(): Listed[] {
  const first = new Map<string, Listed>();
  for (const p of PROGRAMS) {
    const file = p.module.split("?")[0];
    if (!first.has(file)) first.set(file, p);
  }
  return [...first.values(), ...PROGRAMS.filter(isWide)];
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
