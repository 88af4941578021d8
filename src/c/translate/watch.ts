/**
 * Lines of C that say when they are passed: `passed(3);` in front of what the line becomes.
 *
 * @module
 */
import type { Helper } from "./body.ts";
import type { Translated } from "./function.ts";
import type { Line } from "./lines.ts";
import type { Translation } from "./translate.ts";

/** A line of a file of the tree. */
export interface CLine {
  readonly file: string;
  readonly line: number;
}

/** A translation that says which lines are passed. */
export interface Watched {
  readonly translation: Translation;
  /**
   * For each line that was asked for, the number that it says; null if it is in no function, or if there
   * are too many.
   */
  readonly numbers: readonly (number | null)[];
  /** For each number, the functions that it is in, as an index into {@linkcode Watched.functions}. */
  readonly within: readonly number[];
  /** Registered functions; those that call one that is none stand for it. */
  readonly functions: readonly (readonly string[])[];
}

/** How much can be watched. */
export interface WatchLimits {
  readonly lines: number;
  readonly functions: number;
}

/** The part of a line that is one statement. */
interface Spot {
  readonly index: number;
  readonly inTail: boolean;
  readonly from: number;
}

function spotsOf({ lines }: Translated): Spot[] {
  return lines.flatMap(({ from, tail }, index) => [
    ...from === null ? [] : [{ index, inTail: false, from }],
    ...tail === undefined || tail.from === null ? [] : [{ index, inTail: true, from: tail.from }],
  ]);
}

/** The statement that a line of C belongs to: the last one that begins there or above. */
function spotOf(t: Translated, line: number): Spot | null {
  const spots = spotsOf(t);
  const exact = spots.find(({ from }) => from === line);
  const above = spots.filter(({ from }) => from < line).toSorted((a, b) => b.from - a.from);
  return exact ?? above[0] ?? spots[0] ?? null;
}

function isWithin({ source: { file, line, text } }: Translated, at: CLine): boolean {
  return file === at.file && at.line >= line && at.line < line + text.split("\n").length;
}

/** `if (a)` becomes `if (passed(3), a)`; any other statement gets its own in front. */
function marked(text: string, number: number): string {
  const call = `passed(${number})`;
  const head = /^(?:\} )?(?:else )?(?:if|while) \(/.exec(text)?.[0];
  if (head !== undefined) return `${head}${call}, ${text.slice(head.length)}`;
  if (/^(?:\}|else\b|case\b|default\b).*[{:]$/.test(text)) return `${text} ${call};`;
  return `${call}; ${text}`;
}

function markedLine(line: Line, { inTail }: Spot, number: number): Line {
  if (line.tail === undefined) return { ...line, text: marked(line.text, number) };
  const { text, from } = line.tail;
  const head = line.text.slice(0, -text.length);
  // Marks of the tail are inside of braces; the mark of the head comes before them.
  if (!inTail) return { ...line, text: marked(head, number) + text };
  const braced = `{ passed(${number}); ${text} }`;
  return { ...line, text: head + braced, tail: { text: braced, from } };
}

function mark(t: Translated, spot: Spot, number: number): Translated {
  const lines = t.lines.with(spot.index, markedLine(t.lines[spot.index], spot, number));
  return { ...t, lines, helpers: new Set<Helper>([...t.helpers, "passed"]) };
}

/** The registered functions in which a function runs: itself, or those that call it. */
function callersOf(name: string, { functions, helpers }: Translation): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (callee: string) => {
    if (seen.has(callee)) return;
    seen.add(callee);
    if (functions.has(callee)) return void found.add(callee);
    for (const [caller, { needs }] of [...functions, ...helpers]) {
      if (needs.has(callee)) visit(caller);
    }
  };
  visit(name);
  return [...found];
}

/** Let lines say when they are passed. */
export function watchLines(
  translation: Translation,
  wanted: readonly CLine[],
  most: WatchLimits,
): Watched {
  const functions = new Map(translation.functions);
  const helpers = new Map(translation.helpers);
  const numbered = new Map<string, number>();
  const within: number[] = [];
  const scopes = new Map<string, number>();
  const numbers = wanted.map((at) => {
    const all = [...functions, ...helpers];
    const [name, t] = all.find(([_, f]) => isWithin(f, at)) ?? [];
    const spot = t === undefined ? null : spotOf(t, at.line);
    if (name === undefined || t === undefined || spot === null) return null;
    const key = `${name} ${spot.index} ${spot.inTail}`;
    const known = numbered.get(key);
    if (known !== undefined) return known;
    const number = within.length;
    const isFull = number >= most.lines || (!scopes.has(name) && scopes.size >= most.functions);
    if (isFull) return null;
    numbered.set(key, number);
    if (!scopes.has(name)) scopes.set(name, scopes.size);
    within.push(scopes.get(name)!);
    (functions.has(name) ? functions : helpers).set(name, mark(t, spot, number));
    return number;
  });
  return {
    translation: { ...translation, functions, helpers },
    numbers,
    within,
    functions: [...scopes.keys()].map((name) => callersOf(name, translation)),
  };
}
