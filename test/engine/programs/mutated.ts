/** Programs as text, before and after something was done to them. */
import { assertEquals } from "@std/assert";
import { PackedSpec } from "../../../src/engine/programs/packed_spec.ts";
import { PROGRAM_WORDS } from "../../../src/prog/layout.ts";
import { packProgram, unpackProgram } from "../../../src/prog/pack.ts";
import { parseProgram } from "../../../src/prog/parse.ts";
import { printOperation } from "../../../src/prog/print.ts";
import type { TargetSpec } from "../../../src/prog/types.ts";
import { SPEC as SMALL } from "../../prog/spec.ts";

/** With something that is made of a cgroup, which a handler may let go, and something for NMIs only. */
const SPEC: TargetSpec = {
  ...SMALL,
  ops: [
    ...SMALL.ops,
    {
      name: "css_hold",
      doc: "Hold a cgroup",
      args: [{ name: "memcg", type: "ref", of: "memcg" }],
      result: "css",
    },
    {
      name: "css_drop",
      doc: "Let it go",
      args: [{ name: "css", type: "ref", of: "css" }],
      contexts: ["task", "softirq", "hardirq"],
    },
    {
      name: "kmalloc_nolock",
      doc: "Allocate an object in an NMI",
      args: [],
      result: "object",
      where: "run",
      contexts: ["nmi"],
    },
  ],
};
export const WORDS = new PackedSpec(SPEC);

/** The same, with what a campaign has learned: these two operations write one field. */
export function related(a: string, b: string): PackedSpec {
  const words = new PackedSpec(SPEC);
  const ids = [a, b].map((name) => SPEC.ops.findIndex((o) => o.name === name));
  words.effects.learn(
    [0, 1].map((op) => ({
      op,
      what: "WRITE_ONCE",
      object: "memcg_stock_pcp#1",
      field: "nr_pages",
    })),
    ids,
  );
  return words;
}

/** The program with this text. */
export function packed(body: string): Int32Array {
  const text = `objcg-fuzz 1\ntitle: t\ntarget: ${SPEC.name}\ncpus: 2\n\n${body}\n`;
  const { errors, program } = parseProgram(text, "test", [SPEC]);
  assertEquals(errors.map(String), []);
  const w = new Int32Array(PROGRAM_WORDS);
  packProgram(program!, SPEC, w);
  return w;
}

/** The operations of a program, as text. */
export function printed(w: Int32Array): string[] {
  return unpackProgram(w, SPEC).ops.map((o) => printOperation(o).replace(/\s+/g, " "));
}

/** The operations of a program after a mutation, as text. */
export function mutated(body: string, mutate: (w: Int32Array) => void): string[] {
  const w = packed(body);
  mutate(w);
  return printed(w);
}
