/**
 * Compares functions of the model with those of a tree, input by input.
 *
 * An input runs on the model as it is, and with all functions of the tree in it. If they come to
 * different traces, the functions around the first difference are tried alone. One that makes a
 * difference alone is taken out, and the rest run again, until nothing differs.
 *
 * A numeric schedule counts points. So where a note lets one version pass more points than the other,
 * both run again under a schedule of steps that name points.
 *
 * @module
 */
import { type Executor, type Form, SYMBOLIC } from "../../machine/executor.ts";
import { contentHash } from "../../prog/hash.ts";
import { P_NOPS } from "../../prog/layout.ts";
import {
  type Difference,
  type Executed,
  firstDifference,
  type Note,
} from "../../report/first_difference.ts";

/** Functions whose bodies can be the tree's. */
export interface Switches {
  readonly names: readonly string[];
  /** Let these functions be the tree's, and all others the model's. */
  select(names: ReadonlySet<string>): void;
}

const NONE: ReadonlySet<string> = new Set();
/**
 * Functions that notes name run with one in this many inputs: the comparison point by point takes twenty
 * times as long as that of two hashes.
 */
export const NOTED_SHARE = 16;

/** What the last execution came to beside its points. */
function resultOf(executor: Executor): Omit<Executed, "points"> {
  const returns = Array.from({ length: executor.program[P_NOPS] }, (_, i) => executor.returned(i));
  return { title: executor.hasFound ? executor.outcome().found!.title : null, returns };
}

/** One word for all that the last execution came to. */
function fingerprint(executor: Executor): string {
  const { title, returns } = resultOf(executor);
  return contentHash(`${executor.outcome().traceHash} ${title} ${returns}`);
}

/** A function that differs. */
export interface Blamed extends Difference {
  readonly name: string;
  /** Whether it differs only together with other functions. */
  readonly together: boolean;
}

export class Comparison {
  inputs = 0;
  /** Inputs in which each function passed a point, itself or in what it called. */
  readonly called = new Map<string, number>();
  /** Inputs in which each note was made use of. */
  readonly noted: number[];
  /** Functions that have not differed: those without a note, and all. */
  readonly #plain: Set<string>;
  readonly #same: Set<string>;

  constructor(
    readonly executor: Executor,
    readonly switches: Switches,
    readonly notes: readonly Note[],
  ) {
    this.#same = new Set(switches.names);
    const noted = new Set(notes.map((note) => note.in));
    this.#plain = new Set(switches.names.filter((name) => !noted.has(name)));
    this.noted = notes.map(() => 0);
  }

  /** Compare on the input that the executor holds and has just recorded, with the model; who differs. */
  look(form: Form): Blamed[] {
    const { executor } = this;
    this.inputs++;
    for (const f of executor.recording.functions()) {
      this.called.set(f, (this.called.get(f) ?? 0) + 1);
    }
    const ofModel = fingerprint(executor);
    const blamed: Blamed[] = [];
    this.#run(this.#plain, ofModel, form, blamed);
    if (this.inputs % NOTED_SHARE === 0) this.#run(this.#same, ofModel, form, blamed);
    this.switches.select(NONE);
    return blamed;
  }

  /** Run with these functions of the tree; where that makes a difference, find out which one does. */
  #run(names: ReadonlySet<string>, ofModel: string, form: Form, blamed: Blamed[]): void {
    this.#record(names, form);
    if (fingerprint(this.executor) !== ofModel) this.#explain(names, form, blamed);
  }

  /** Run with these functions of the tree. */
  #record(names: ReadonlySet<string>, form: Form): void {
    this.switches.select(names);
    this.executor.record(form, true);
  }

  #execute(names: ReadonlySet<string>, form: Form): Executed {
    this.#record(names, form);
    return { points: this.executor.recording.points(), ...resultOf(this.executor) };
  }

  /** The traces differ: by what the notes name, or whose fault is it. */
  #explain(names: ReadonlySet<string>, form: Form, blamed: Blamed[]): void {
    const { executor } = this;
    const schedule = executor.schedule.slice();
    if (this.notes.length > 0) {
      this.switches.select(NONE);
      executor.record(form);
      const isWritten = executor.writeSteps(executor.recording.steps(), "").length === 0;
      const isExplained = isWritten && this.#search(names, SYMBOLIC, this.notes, blamed);
      executor.schedule.set(schedule);
      if (isExplained) return;
    }
    this.#search(names, form, [], blamed);
  }

  /**
   * Take out functions until nothing differs that no note names; whether that explains why the traces
   * differ.
   */
  #search(
    names: ReadonlySet<string>,
    form: Form,
    notes: readonly Note[],
    blamed: Blamed[],
  ): boolean {
    const model = this.#execute(NONE, form);
    for (;;) {
      const used = new Set<number>();
      const difference = firstDifference(model, this.#execute(names, form), notes, used);
      if (difference === null) {
        for (const i of used) this.noted[i]++;
        return used.size > 0 || blamed.length > 0;
      }
      const guilty = this.#blame(names, model, difference, form, notes);
      if (guilty === null) return false;
      blamed.push(guilty);
      this.#same.delete(guilty.name);
      this.#plain.delete(guilty.name);
    }
  }

  /** The function that makes a difference alone; else the likeliest. */
  #blame(
    names: ReadonlySet<string>,
    model: Executed,
    difference: Difference,
    form: Form,
    notes: readonly Note[],
  ): Blamed | null {
    const suspects = difference.suspects.filter((name) => names.has(name));
    for (const name of [...suspects, ...[...names].filter((f) => !suspects.includes(f))]) {
      const alone = firstDifference(model, this.#execute(new Set([name]), form), notes);
      if (alone !== null) return { ...alone, name, together: false };
    }
    return suspects.length === 0 ? null : { ...difference, name: suspects[0], together: true };
  }
}
