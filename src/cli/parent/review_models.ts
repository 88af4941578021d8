/**
 * A review under several preemption models: what each came to, as one result.
 *
 * @module
 */
import type { Preempt } from "../../prog/types.ts";
import type { Asked, Cause, Compared } from "./review_causes.ts";
import type { Looked } from "./review_lines.ts";
import type { Sides } from "./review_sides.ts";

/** What hangs with what is reviewed. */
export interface Hang {
  readonly title: string;
  readonly file: string | null;
}

/** The result of a review under one preemption model. */
export interface OfModel {
  readonly preempt: Preempt;
  readonly sides: Sides;
  readonly compared: Compared;
  readonly looked: readonly Looked[];
  /** Executions of each side. */
  readonly base: number;
  readonly patched: number;
  readonly hangs: readonly Hang[];
}

/** A cause, and the models that show it. */
export type Under<C extends Cause> = C & { readonly preempts: readonly Preempt[] };

/** The results of all models. */
export interface Reviewed {
  readonly preempts: readonly Preempt[];
  readonly fresh: readonly Under<Asked>[];
  readonly gone: readonly Under<Asked>[];
  readonly both: readonly Under<Cause>[];
  readonly looked: readonly Looked[];
  readonly base: number;
  readonly patched: number;
  readonly hangs: readonly Hang[];
}

/** Each cause once, as the first model shows it that has it. */
function causesUnder<C extends Cause>(
  models: readonly OfModel[],
  of: (compared: Compared) => readonly C[],
): Under<C>[] {
  const causes = new Map<string, Under<C>>();
  for (const { compared, preempt } of models) {
    for (const cause of of(compared)) {
      const known = causes.get(cause.key);
      const preempts = [...known?.preempts ?? [], preempt];
      causes.set(cause.key, { ...(known ?? cause), preempts });
    }
  }
  return [...causes.values()];
}

/** A line of the files, whatever its number is under a model. */
function keyOf({ file, line, text }: Looked): string {
  return `${file}:${line}:${text}`;
}

/** The lines of all models, with the sums of their counts. */
function linesOf(models: readonly OfModel[]): Looked[] {
  const lines = new Map<string, Looked>();
  for (const { looked } of models) {
    for (const line of looked) {
      const known = lines.get(keyOf(line));
      lines.set(keyOf(line), known === undefined ? line : plus(known, line));
    }
  }
  return [...lines.values()];
}

function plus(a: Looked, b: Looked): Looked {
  return {
    ...a,
    executions: a.executions + b.executions,
    byTwo: a.byTwo + b.byTwo,
    interrupted: a.interrupted + b.interrupted,
    failing: a.failing + b.failing,
    offlining: a.offlining + b.offlining,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

/** Put the results of models together. */
export function reviewedUnder(models: readonly OfModel[]): Reviewed {
  return {
    preempts: models.map(({ preempt }) => preempt),
    fresh: causesUnder(models, ({ fresh }) => fresh),
    gone: causesUnder(models, ({ gone }) => gone),
    both: causesUnder(models, ({ both }) => both),
    looked: linesOf(models),
    base: sum(models.map(({ base }) => base)),
    patched: sum(models.map(({ patched }) => patched)),
    hangs: models.flatMap(({ hangs }) => hangs),
  };
}

const each = (texts: readonly string[]) => [...new Set(texts)];

/** What a review says of its sides. */
export type SidesShown = Pick<Sides, "kernel" | "changed" | "notLookedAt" | "leftOut">;

/** What is reviewed, under all models. */
export function sidesUnder(sides: readonly Sides[]): SidesShown {
  return {
    kernel: sides[0].kernel,
    changed: each(sides.flatMap(({ changed }) => changed)),
    notLookedAt: each(sides.flatMap(({ notLookedAt }) => notLookedAt)),
    leftOut: Math.max(...sides.map(({ leftOut }) => leftOut)),
  };
}
