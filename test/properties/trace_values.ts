/** The values of a trace are those of memory. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { accessKind, doesRead, doesWrite } from "../../src/report/access_kind.ts";
import { type Machine, textOf } from "../machine/harness.ts";
import { parseProgram } from "../../src/prog/parse.ts";
import type { Program } from "../../src/prog/types.ts";
import { inputs } from "./determinism.ts";
import { RUNS } from "./runs.ts";

/** Memory when the schedule begins, and when the last CPU is done; null if a finding ended it. */
interface Images {
  before: Int32Array;
  after: Int32Array | null;
}

/** Copy the memory of every execution at its begin, and at its end if nothing ends it early. */
async function takeImages(): Promise<Images> {
  const { views } = await import("../../src/machine/words/arena.ts");
  const { lifecycle, setLifecycle } = await import("../../src/machine/hooks/lifecycle.ts");
  const { mem } = views();
  const images: Images = { before: mem.slice(), after: null };
  const target = lifecycle();
  let isBegun = false;
  setLifecycle({
    ...target,
    predefine() {
      isBegun = false;
      images.after = null;
      target.predefine();
    },
    observe() {
      if (isBegun) images.after = mem.slice();
      else images.before.set(mem);
      isBegun = true;
      target.observe();
    },
  });
  return images;
}

/** What the records of the last execution say that memory is, against what it was. */
async function replayer(images: Images) {
  const { views } = await import("../../src/machine/words/arena.ts");
  const { R_ADDR, R_PRIM, R_VALUE, primitiveOf } = await import(
    "../../src/machine/layout/records.ts"
  );
  const { TRACED } = await import("../../src/machine/layout/recording.ts");
  const { PRIMITIVES } = await import("../../src/machine/layout/primitives.ts");
  const { TRACE_POINTS, TRACE_WORDS } = await import("../../src/machine/layout/sizes.ts");
  const { META } = await import("../../src/machine/layout/meta.ts");
  const { isUsable } = await import("../../src/machine/memory/shadow.ts");
  const { stateOf } = await import("../../src/machine/layout/meta.ts");
  const { ctl, mem, trace } = views();

  return (): { wrong: string[]; records: number } => {
    const { after, before } = images;
    const wrong: string[] = [];
    const known = new Map<number, number>();
    const n = ctl[TRACED];
    if (n >= TRACE_POINTS) return { wrong, records: 0 };
    for (let i = 0; i < n; i++) {
      const r = i * TRACE_WORDS;
      const prim = primitiveOf(trace[r + R_PRIM]);
      const a = trace[r + R_ADDR];
      const kind = prim < 0 ? null : accessKind(PRIMITIVES[prim]);
      if (kind === null || kind === "free" || a === 0) continue;
      const what = PRIMITIVES[prim];
      const value = trace[r + R_VALUE];
      // What an allocation during the execution left in the cell is no access.
      const was = known.get(a) ?? (isUsable(stateOf(before[a + META])) ? before[a] : value);
      if (doesRead(kind) && !doesWrite(kind) && value !== was) {
        wrong.push(`record ${i}: ${what} of ${a}: ${value}, memory has ${was}`);
      }
      // Who lets go of a lock has it; who has taken one that is not shared found it free.
      const isWrong = kind === "unlock"
        ? was === 0
        : kind === "lock" && /spin|mutex/.test(what) && value !== was && was !== 0;
      if (isWrong) wrong.push(`record ${i}: ${what} of ${a}: ${value}, memory has ${was}`);
      known.set(a, value);
    }
    for (const [a, value] of known) {
      const is = (after ?? mem)[a];
      if (is !== value) wrong.push(`cell ${a}: ${value}, memory has ${is}`);
    }
    return { wrong, records: n };
  };
}

/** The seeds of the corpus for the target of this machine. */
async function seeds(m: Machine): Promise<Program[]> {
  const { load } = await import("../../src/engine/inputs/input.ts");
  const dir = new URL("../../corpus/objcg/seeds/", import.meta.url);
  return [...Deno.readDirSync(dir)].map(({ name }) => name).sort().flatMap((name) => {
    const { program } = parseProgram(Deno.readTextFileSync(new URL(name, dir)), name, [m.spec]);
    // Points that this kernel does not have are none of this test's business.
    if (program === null) return [];
    return load(m.executor, program, m.spec).length > 0 ? [] : [program];
  });
}

/** Register the property of a machine: for what the fuzzer generates, and for some programs more. */
export async function testTraceValues(
  m: Machine,
  cpus: number,
  name: string,
  more: readonly string[] = [],
): Promise<void> {
  const input = await inputs(m, cpus);
  const replay = await replayer(await takeImages());

  Deno.test(`a trace, replayed over memory, gives the memory at the end, for any input of ${name}`, async () => {
    let records = 0;
    fc.assert(
      fc.property(input, (p) => {
        const { title } = m.run(p);
        const replayed = replay();
        records += replayed.records;
        assertEquals(replayed.wrong, [], `${title}\n${textOf({ ...p, title: "property" })}`);
      }),
      RUNS,
    );
    for (const p of [...await seeds(m), ...more.map((body) => m.parse(body))]) {
      const { title } = m.run(p);
      assertEquals(replay().wrong, [], `${title}\n${textOf(p)}`);
    }
    assert(records > 5 * RUNS.numRuns, `${records} records`);
  });
}
