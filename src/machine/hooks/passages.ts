/**
 * Passages: which of some lines of code an execution came through, and what happened meanwhile.
 *
 * A review watches the lines that a diff changes. Each has a number, and lies in a function, which may
 * have several names if it is inlined into others. Nothing here is a point: an execution is the same
 * with and without.
 *
 * The words are kept words, so they follow an execution that fibers run again in parts.
 *
 * @module
 */
import { NCPUS } from "../layout/cpus.ts";
import {
  BY_TWO,
  FAILING,
  FUNCTIONS_MAX,
  INTERRUPTED,
  LINES_MAX,
  OFFLINING,
  PASSED,
} from "../layout/passages.ts";
import { CPU, regs } from "../layout/registers.ts";
import { views } from "../words/arena.ts";
import { keptWords } from "../words/ghost_words.ts";

const { ctl, ghost } = views();

/** Words of each CPU: the functions that it is in, and those in which something happened. */
const INSIDE = 0;
const HANDLED = 1;
const FAILED = 2;
/** How deep it is in each function: four bits each, eight functions to a word. */
const DEPTH = 3;
const DEPTH_BITS = 4;
const DEPTH_MASK = (1 << DEPTH_BITS) - 1;
const PER_WORD = 32 / DEPTH_BITS;
const CPU_WORDS = DEPTH + FUNCTIONS_MAX / PER_WORD;

/** The function of each line; none while nothing is watched. */
let within: readonly number[] = [];
/** Where the words are: how many offlinings are under way, a word for each line, those of CPUs. */
let DYING = 0;
let LINES = 0;
let CPUS = 0;

/** Watch lines, given by the functions that they are in; on every CPU. */
export function watchPassages(functionOfLine: readonly number[], cpus: number): void {
  if (functionOfLine.length > LINES_MAX || functionOfLine.some((f) => f >= FUNCTIONS_MAX)) {
    throw new RangeError(
      `Cannot watch these lines: at most ${LINES_MAX}, in at most ${FUNCTIONS_MAX} functions`,
    );
  }
  within = functionOfLine;
  DYING = keptWords("passages", 1 + within.length + cpus * CPU_WORDS);
  LINES = DYING + 1;
  CPUS = LINES + within.length;
}

function block(): number {
  return CPUS + regs[CPU] * CPU_WORDS;
}

/** A line is passed. */
export function passed(line: number): void {
  if (within.length === 0) return;
  const bit = 1 << within[line];
  const b = block();
  let what = PASSED;
  if (ghost[DYING] > 0) what |= OFFLINING;
  if ((ghost[b + HANDLED] & bit) !== 0) what |= INTERRUPTED;
  if ((ghost[b + FAILED] & bit) !== 0) what |= FAILING;
  for (let c = 0; c < ctl[NCPUS]; c++) {
    const other = CPUS + c * CPU_WORDS;
    if (other !== b && (ghost[other + INSIDE] & bit) !== 0) what |= BY_TWO;
  }
  ghost[LINES + line] |= what;
}

/** This CPU enters function `f`. */
export function enter(f: number): void {
  const b = block();
  ghost[b + DEPTH + Math.floor(f / PER_WORD)] += 1 << (DEPTH_BITS * (f % PER_WORD));
  ghost[b + INSIDE] |= 1 << f;
}

/** This CPU leaves function `f`. What happened in it happened at all of its lines that were passed. */
export function leave(f: number): void {
  const b = block();
  const depth = b + DEPTH + Math.floor(f / PER_WORD);
  const shift = DEPTH_BITS * (f % PER_WORD);
  ghost[depth] -= 1 << shift;
  const bit = 1 << f;
  const what = ((ghost[b + HANDLED] & bit) !== 0 ? INTERRUPTED : 0) |
    ((ghost[b + FAILED] & bit) !== 0 ? FAILING : 0);
  if (what !== 0) {
    for (let line = 0; line < within.length; line++) {
      if (within[line] === f && ghost[LINES + line] !== 0) ghost[LINES + line] |= what;
    }
  }
  if (((ghost[depth] >>> shift) & DEPTH_MASK) !== 0) return;
  ghost[b + INSIDE] &= ~bit;
  ghost[b + HANDLED] &= ~bit;
  ghost[b + FAILED] &= ~bit;
}

/** A handler has run on this CPU. */
export function handlerRan(): void {
  if (within.length === 0) return;
  const b = block();
  ghost[b + HANDLED] |= ghost[b + INSIDE];
}

/** An allocation fails on this CPU. */
export function allocationFailed(): void {
  if (within.length === 0) return;
  const b = block();
  ghost[b + FAILED] |= ghost[b + INSIDE];
}

/** Offlining begins. */
export function offliningBegins(): void {
  ghost[DYING]++;
}

/** Offlining is over. */
export function offliningEnds(): void {
  ghost[DYING]--;
}

/** Number of lines that are watched. */
export function lineCount(): number {
  return within.length;
}

/** What the execution did at a line: bits of layout/passages.ts. */
export function passageOf(line: number): number {
  return ghost[LINES + line];
}
