/** Every file of the corpus of a target, on one kernel. */
import { assert, assertEquals } from "@std/assert";
import type { Machine } from "../machine/harness.ts";
import { comparison } from "./fibers.ts";
import { parseProgram } from "../../src/prog/parse.ts";
import type { Program } from "../../src/prog/types.ts";

const CORPUS = new URL("../../corpus/", import.meta.url);

/** The programs of a target's seeds and regressions that a machine with so many CPUs can run. */
function corpusOf(m: Machine, cpus: number): Program[] {
  const programs: Program[] = [];
  for (const folder of ["seeds", "regressions"]) {
    const dir = new URL(`${m.spec.name}/${folder}/`, CORPUS);
    const names = [...Deno.readDirSync(new URL(`${m.spec.name}/`, CORPUS))].map(({ name }) => name);
    if (!names.includes(folder)) continue;
    for (const { name } of Deno.readDirSync(dir)) {
      if (!name.endsWith(".txt")) continue;
      const { program } = parseProgram(Deno.readTextFileSync(new URL(name, dir)), name, [m.spec]);
      if (program !== null && program.cpus <= cpus) programs.push(program);
    }
  }
  return programs;
}

/** Register the test: at least `least` files are compared, and fibers can run all of them. */
export async function testCorpus(
  m: Machine,
  cpus: number,
  kernel: string,
  least: number,
): Promise<void> {
  const compare = await comparison(m);
  Deno.test(`fibers and Workers have the same trace for the corpus of ${m.spec.name} on ${kernel}`, () => {
    const programs = corpusOf(m, cpus);
    assert(programs.length >= least, `${programs.length} files`);
    const left = programs.filter((p) => !compare(p)).map(({ title }) => title);
    assertEquals(left, []);
  });
}
