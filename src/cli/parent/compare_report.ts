/**
 * What people and programs read of a comparison of the model with a tree.
 *
 * @module
 */
import type { Note } from "../../c/notes.ts";
import type { OfTree } from "./linux_patch.ts";
import { modelSource } from "./model_sources.ts";
import type { Output } from "./output.ts";
import { count } from "./tally.ts";
import type { ComparedEvent, DiffersEvent } from "../protocol/jobs.ts";
import type { TracePoint } from "../../report/types.ts";

const NAME_WIDTH = 32;
const INPUTS_WIDTH = 9;

/** What is known of a function; `noted`: the same but for what a note names. */
export type Verdict = "same" | "noted" | "differs" | "not reached" | "not translated";

interface Row {
  readonly name: string;
  readonly verdict: Verdict;
  /** Inputs in which it passed a point. */
  readonly inputs: number;
  /** Why it is not translated, or what notes name. */
  readonly why: string | null;
}

/** A point in one line. */
export function pointText(p: TracePoint | null): string {
  if (p === null) return "no point: the execution has ended";
  const where = [p.object, p.field].filter((x) => x !== null).join(".");
  const value = p.value === null ? "" : ` = ${p.value}`;
  return `CPU${p.cpu} ${p.what}${where === "" ? "" : ` ${where}`}${value} in ${
    p.stack.join(" > ")
  }`;
}

function indented(text: string): string[] {
  return text.trimEnd().split("\n").map((line) => `    ${line}`.trimEnd());
}

/** Collects what shards say, and prints it. */
export class CompareReport {
  readonly #of: OfTree;
  readonly #notes: readonly Note[];
  readonly #output: Output;
  readonly #differing = new Map<string, DiffersEvent>();
  readonly #called = new Map<string, number>();
  readonly #noted: number[];
  #inputs = 0;

  constructor(of: OfTree, notes: readonly Note[], output: Output) {
    this.#of = of;
    this.#notes = notes;
    this.#output = output;
    this.#noted = notes.map(() => 0);
  }

  /** A function differs; what counts is the first report of it. */
  differs(event: DiffersEvent): void {
    if (!this.#differing.has(event.name)) this.#differing.set(event.name, event);
  }

  /** A part of the sample is done. */
  add({ inputs, called, noted }: ComparedEvent): void {
    this.#inputs += inputs;
    for (const [name, n] of called) this.#called.set(name, (this.#called.get(name) ?? 0) + n);
    for (const [i, n] of noted.entries()) this.#noted[i] += n;
  }

  #row(name: string): Row {
    const inputs = this.#called.get(name) ?? 0;
    if (this.#differing.has(name)) return { name, verdict: "differs", inputs, why: null };
    if (inputs === 0) return { name, verdict: "not reached", inputs, why: null };
    const used = this.#notes.filter((note, i) => note.in === name && this.#noted[i] > 0);
    if (used.length === 0) return { name, verdict: "same", inputs, why: null };
    return { name, verdict: "noted", inputs, why: used.map(({ why }) => why).join("; ") };
  }

  #tellRow({ name, verdict, inputs, why }: Row): void {
    this.#output.event({ event: "compared", name, verdict, inputs, why } as { event: string });
    const words = { noted: `same, but for a note: ${why}`, "not translated": `- ${why}` };
    const said = words[verdict as keyof typeof words] ?? verdict;
    const inputsText = verdict === "not translated" ? "" : String(inputs);
    const columns = name.padEnd(NAME_WIDTH) + inputsText.padStart(INPUTS_WIDTH);
    this.#output.line(`${columns}  ${said}`);
  }

  #tellDifference(d: DiffersEvent): void {
    const { name, preempt, together, model: m, tree, result, input } = d;
    const event = { event: "difference", name, preempt, together, model: m, tree, result, input };
    this.#output.event(event);
    const others = together ? ", together with other functions of the tree" : "";
    const say = (text: string) => this.#output.line(text);
    say(`\n${name}() differs with --preempt ${preempt}${others}:`);
    if (d.result !== null) say(`  ${d.result}`);
    else say(`  model: ${pointText(d.model)}\n  tree:  ${pointText(d.tree)}`);
    const c = this.#of.translation.functions.get(d.name)!.source;
    const model = modelSource(this.#of.kernel, d.name);
    say(["  Input:", ...indented(d.input)].join("\n"));
    say([`  ${c.file}:${c.line}:`, ...indented(c.text)].join("\n"));
    if (model === null) return;
    say([`  ${model.file}:${model.line}:`, ...indented(model.text)].join("\n"));
  }

  /** Print all of it; whether nothing differs but for notes. */
  finish(): boolean {
    const { translation, kernel } = this.#of;
    const rows = [
      ...[...translation.functions.keys()].map((name) => this.#row(name)),
      ...translation.untranslated.map(({ name, why }): Row => ({
        name,
        verdict: "not translated",
        inputs: 0,
        why,
      })),
    ];
    for (const row of rows) this.#tellRow(row);
    for (const d of this.#differing.values()) this.#tellDifference(d);
    const n = (verdict: Verdict) => rows.filter((row) => row.verdict === verdict).length;
    const same = n("same") + n("noted");
    this.#output.event({
      event: "summary",
      kernel,
      inputs: this.#inputs,
      same,
      noted: n("noted"),
      differs: n("differs"),
      not_reached: n("not reached"),
      untranslated: n("not translated"),
    } as { event: string });
    this.#output.line(
      `\n${same} of ${rows.length} functions of ${kernel} pass the same points as the kernel's own ` +
        `source, ${n("noted")} of them but for a note; ${n("differs")} differ, ` +
        `${n("not reached")} were not reached, ${n("not translated")} are not translated; ` +
        count(this.#inputs, "input"),
    );
    return this.#differing.size === 0;
  }
}
