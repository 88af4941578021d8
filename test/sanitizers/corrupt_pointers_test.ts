/** Judges trust no pointer that they read from model memory: none of them throws. */
import { assert, assertEquals } from "@std/assert";
import { makeMachine } from "../machine/harness.ts";

const TARGET = new URL("../../fuzz/objcg.ts", import.meta.url).href;
const m = await makeMachine({ kernel: "v5.9", target: TARGET, cpus: 2, everyStep: true });
const { structTypes } = await import("../../src/machine/memory/objects.ts");
const { isLive } = await import("../../src/machine/memory/slab.ts");
const { views } = await import("../../src/machine/words/arena.ts");
const { lifecycle, setLifecycle } = await import("../../src/machine/hooks/lifecycle.ts");
const { judgeStep, onEveryStep } = await import("../../src/machine/hooks/every_step.ts");
const { ABORTED, readOops, resetOops } = await import("../../src/machine/findings/oops.ts");
const { findingOf } = await import("../../src/machine/translate/finding.ts");
const { SANITIZERS } = await import("../../src/sanitizers/all.ts");
const { kasan } = await import("../../src/sanitizers/kasan.ts");
const { CELLS } = await import("../../src/machine/layout/sizes.ts");

type Field = ReturnType<typeof structTypes>[number]["fields"][number];
const { mem } = views();

/** The cells that hold pointers, in every structure that exists: of two objects per type. */
function pointerCells(): { a: number; shift: number }[] {
  const of = (fields: readonly Field[], a: number): { a: number; shift: number }[] =>
    fields.flatMap((f) => {
      const at = a + 2 * f.offset;
      if (f.kind === "embed") return of(f.type!.fields, at);
      const shift = f.kind === "ptr" || f.kind === "fn" ? 0 : f.pointerShift;
      return shift === undefined ? [] : [{ a: at, shift }];
    });
  return structTypes().flatMap((t) => {
    const there = t.objects.filter((o) => t.isStatic || isLive(o));
    return [...there.slice(0, 1), ...there.slice(-1)].flatMap((o) => of(t.fields, o.a));
  });
}

/** What a corrupt pointer may hold. */
function values(): number[] {
  const live = structTypes().flatMap((t) => t.objects.slice(0, 1).map((o) => o.a as number));
  const freed = structTypes().flatMap((t) => t.objects.slice(-1).map((o) => o.a as number));
  const inside = live.map((a) => a + 2);
  return [0, 1, -1, 7, 2 * CELLS, 2 * CELLS - 1, 1 << 30, -(2 ** 31), ...live, ...freed, ...inside];
}

let wrong: string[] = [];
let judged = 0;
let findings = 0;

/** The error, and the three innermost places. */
function where(e: unknown): string {
  return (e as Error).stack!.split("\n").slice(0, 4).join("\n");
}

/** Let one judge judge; an unwinding is what it may do, anything else it may not. */
function judge(name: string, f: () => void): void {
  resetOops();
  judged++;
  try {
    f();
  } catch (e) {
    if (e !== ABORTED) wrong.push(`${name}: ${where(e)}`);
  }
  const oops = readOops();
  if (oops === null) return;
  findings++;
  if (oops.kind.oracle === "harness") wrong.push(`${name}: ${oops.text}`);
  try {
    findingOf(oops, (a) => kasan.describe!(a));
  } catch (e) {
    wrong.push(`report of ${name}: ${where(e)}`);
  }
}

/** Corrupt one pointer after the other, every `step`-th value, and let all judges look each time. */
function sweep(step: number, from: number, all: boolean): void {
  const { observe, suspicious } = original;
  let n = from;
  for (const { a, shift } of pointerCells()) {
    const keep = mem[a];
    for (const v of values()) {
      if (n++ % step !== 0) continue;
      mem[a] = v << shift;
      judge("observe", observe);
      judge("suspicious", suspicious);
      judge("every step", () => skip(judgeStep));
      for (const s of all ? SANITIZERS : []) {
        if (s.name === "kcsan") continue;
        judge(`${s.name}.quiesce`, () => s.quiesce?.());
        judge(`${s.name}.end`, () => s.end?.());
      }
      mem[a] = keep;
    }
  }
  resetOops();
}

let isSweeping = false;
function skip(f: () => void): void {
  isSweeping = true;
  try {
    f();
  } finally {
    isSweeping = false;
  }
}

const original = { ...lifecycle() };
const PROGRAM = `
boot a = mkdir(root)
boot b = mkdir(a)
boot attach(cpu0, a)
boot o = obj_cgroup_get_current(cpu0)
boot p = obj_cgroup_get_remote(b)
cpu0 kmalloc(64)
cpu0 obj_cgroup_charge(o, 64)
cpu1 obj_cgroup_charge(p, 4088)
cpu1 alloc_pages(1)
cpu0 rmdir(b)
`;

Deno.test("corrupt pointers at quiescence make no sanitizer and no ledger throw", () => {
  setLifecycle({ ...original, observe: () => sweep(2, 0, true) });
  m.run(PROGRAM);
  setLifecycle(original);
  assertEquals([...new Set(wrong)], []);
  assert(judged > 5000 && findings > 500, `${judged} judgements, ${findings} findings`);
});

Deno.test("corrupt pointers at every step make none throw either", () => {
  wrong = [];
  let steps = 0;
  onEveryStep(() => {
    if (!isSweeping) sweep(199, steps++, false);
  });
  m.run(PROGRAM);
  assertEquals([...new Set(wrong)], []);
  assert(steps > 100, `${steps} steps`);
});
