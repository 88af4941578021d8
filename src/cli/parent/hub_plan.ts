/**
 * The plan of a hub: what its workers search, and for how long.
 *
 *     objcg-fuzz plan 1
 *
 *     # All of the series, with each preemption model.
 *     kernel: v5.9, v6.12
 *     preempt: full, rt
 *     seed: 1-4
 *     for: 30m
 *
 * A block is a product: two kernels, two models and four seeds make sixteen leases, each for 30 minutes.
 *
 * @module
 */
import type { LeaseWork } from "../hub/messages.ts";
import type { Known } from "../flags/known.ts";
import { readKernel } from "../flags/read_kernel.ts";
import { readCount, readDuration, readSeed } from "../flags/read_values.ts";
import { knownWord, UsageError } from "../flags/usage.ts";
import { PREEMPTS } from "../../prog/types.ts";

const FIRST = "objcg-fuzz plan 1";
const WORDS = ["kernel", "preempt", "target", "cpus", "seed", "for"] as const;
type Word = typeof WORDS[number];
/** What a block need not say. */
const FALLBACK: Partial<Record<Word, string>> = {
  preempt: "full",
  target: "objcg",
  cpus: "3",
  seed: "1",
};
/** Leases of a plan, at most. */
const LEASES_MAX = 100_000;

/** Errors of a plan, as lines. */
export class PlanErrors extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join("\n"));
  }
}

type Block = { readonly line: number; readonly words: Map<Word, { text: string; at: string }> };

/** `1-4, 9` is 1, 2, 3, 4 and 9. */
function seeds(text: string): string[] {
  return text.split(",").flatMap((part) => {
    const [from, to = from] = part.trim().split("-").map((t) => BigInt(readSeed(t.trim())));
    if (to < from || to - from >= BigInt(LEASES_MAX)) {
      throw new UsageError(`Cannot read --seed: "${part.trim()}" is no range of at most 100000`);
    }
    return Array.from({ length: Number(to - from) + 1 }, (_, i) => String(from + BigInt(i)));
  });
}

const list = (text: string) => text.split(",").map((t) => t.trim());

/** The values of a word. */
function valuesOf(word: Word, text: string, known: Known): string[] {
  switch (word) {
    case "kernel":
      return list(text).map((t) => readKernel(t, known));
    case "preempt":
      return list(text).map((t) => knownWord("preemption model", t, PREEMPTS));
    case "target":
      return list(text).map((t) => knownWord("target", t, known.targets.map(({ name }) => name)));
    case "cpus":
      return list(text).map((t) => String(readCount("cpus", t, 1, 32)));
    case "seed":
      return seeds(text);
    case "for":
      return [String(readDuration("for", text))];
  }
}

/** The blocks of a plan, and its errors. */
function blocksOf(text: string, path: string) {
  const errors: string[] = [];
  const blocks: Block[] = [];
  let block: Block | null = null;
  const lines = text.replace(/\r/g, "").split("\n");
  if (lines[0] !== FIRST) errors.push(`${path}:1:1: Expected "${FIRST}"`);
  lines.slice(1).forEach((line, i) => {
    const at = `${path}:${i + 2}:1`;
    if (line.startsWith("#")) return;
    if (line.trim() === "") return void (block = null);
    const [, word, value] = /^(\w+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (!(WORDS as readonly string[]).includes(word)) {
      errors.push(`${at}: Expected a comment, an empty line or "WORD: …" with ${WORDS.join(", ")}`);
      return;
    }
    if (block === null) blocks.push(block = { line: i + 2, words: new Map() });
    if (block.words.has(word as Word)) errors.push(`${at}: "${word}" is there twice in one block`);
    const column = line.length - line.slice(word.length + 1).trimStart().length + 1;
    block.words.set(word as Word, { text: value, at: `${path}:${i + 2}:${column}` });
  });
  return { blocks, errors };
}

function leasesOf(block: Block, path: string, known: Known, errors: string[]): LeaseWork[] {
  const values = new Map<Word, string[]>();
  for (const word of WORDS) {
    const given = block.words.get(word) ??
      (word in FALLBACK ? { text: FALLBACK[word]!, at: "" } : undefined);
    if (given === undefined) {
      errors.push(`${path}:${block.line}:1: The block has no "${word}: …"`);
      continue;
    }
    try {
      values.set(word, valuesOf(word, given.text, known));
    } catch (e) {
      if (!(e instanceof UsageError)) throw e;
      errors.push(`${given.at}: ${e.message.replace(/Cannot read --(\w+)/, "Cannot read $1")}`);
    }
  }
  if (values.size < WORDS.length) return [];
  const of = (word: Word) => values.get(word)!;
  const ms = Number(of("for")[0]);
  return of("seed").flatMap((seed) =>
    of("kernel").flatMap((kernel) =>
      of("preempt").flatMap((preempt) =>
        of("target").flatMap((target) =>
          of("cpus").map((cpus) => ({ kernel, preempt, target, cpus: Number(cpus), seed, ms }))
        )
      )
    )
  );
}

/** Read a plan; throws {@linkcode PlanErrors}. */
export function parsePlan(text: string, path: string, known: Known): LeaseWork[] {
  const { blocks, errors } = blocksOf(text, path);
  const works = blocks.flatMap((block) => leasesOf(block, path, known, errors));
  if (errors.length === 0 && works.length === 0) errors.push(`${path}:1:1: The plan is empty`);
  if (works.length > LEASES_MAX) {
    errors.push(`${path}:1:1: The plan has ${works.length} leases; ${LEASES_MAX} are the most`);
  }
  if (errors.length > 0) throw new PlanErrors(errors);
  return works;
}
