/**
 * Arguments that are flags: words that stand for bits, joined by "|".
 *
 * Such an argument may be left out where it is the last one. Then it is 0, which no combination of
 * words is: the operation does as its context has it.
 *
 * @module
 */
import type { Arg, ArgSpec, Operation, TargetSpec } from "./types.ts";

/** What an argument that is flags may be. */
export type FlagsSpec = Extract<ArgSpec, { type: "flags" }>;

/** What stands between the words. */
export const OR = "|";

/** The bits of some words, or the first word that is none of the argument's. */
export function bitsOf(spec: Pick<FlagsSpec, "words">, words: readonly string[]): number | string {
  let bits = 0;
  for (const word of words) {
    if (!Object.hasOwn(spec.words, word)) return word;
    bits |= spec.words[word];
  }
  return bits;
}

/**
 * The words that make up some bits, those that stand for most first; none if they do not add up.
 *
 * The words are tried in the order in which the argument lists them.
 */
export function wordsOf(spec: FlagsSpec, bits: number): string[] | undefined {
  const words: string[] = [];
  let done = 0;
  for (const [word, value] of Object.entries(spec.words)) {
    if ((value & ~bits) !== 0 || (value & ~done) === 0) continue;
    words.push(word);
    done |= value;
  }
  return done === bits ? words : undefined;
}

/** Whether an argument may be left out. */
export function isOptional(spec: ArgSpec): boolean {
  return spec.type === "flags";
}

/** Words that were read as names become flags where the operation says that they are. */
export function readFlags(ops: readonly Operation[], spec: TargetSpec): void {
  for (const op of ops) {
    const { args = [] } = spec.ops.find(({ name }) => name === op.name) ?? {};
    op.args = op.args.map((arg, i): Arg => {
      if (args[i]?.type !== "flags" || arg.kind !== "ref") return arg;
      return { kind: "flags", words: arg.name.split(OR), at: arg.at };
    });
  }
}
