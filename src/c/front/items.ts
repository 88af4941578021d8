/**
 * The definitions at the top of a file: where each function, structure, enumeration and type name is.
 *
 * Only what is needed is parsed then, by itself. So a file of 5000 lines costs a millisecond, and what
 * the grammar does not understand in one function does no harm to the next one.
 *
 * @module
 */
import { blankStrings } from "./strip.ts";

export type ItemKind = "function" | "struct" | "enum" | "typedef" | "other";

/** A definition. */
export interface Item {
  readonly kind: ItemKind;
  /** Names that it defines: of an enumeration its constants, too. */
  readonly names: readonly string[];
  readonly text: string;
  /** The line at which `text` begins, from 1. */
  readonly line: number;
}

const CLOSES: Readonly<Record<string, string>> = { "(": ")", "{": "}", "[": "]" };

/** Where what opens at `from` is closed; the end of the text if it is not. */
export function closing(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] in CLOSES) depth++;
    else if (text[i] === ")" || text[i] === "}" || text[i] === "]") depth--;
    if (depth === 0) return i;
  }
  return text.length;
}

/** The name of the function whose head ends at `brace`, or null if it is no function. */
function functionName(text: string, from: number, brace: number): string | null {
  const head = text.slice(from, brace).trimEnd();
  if (!head.endsWith(")")) return null;
  let depth = 0;
  for (let i = head.length - 1; i >= 0; i--) {
    if (head[i] === ")") depth++;
    else if (head[i] === "(" && --depth === 0) {
      const [, name] = /(\w+)\s*$/.exec(head.slice(0, i)) ?? [];
      return name ?? null;
    }
  }
  return null;
}

/** The constants of an enumeration. */
function enumerators(body: string): string[] {
  return body.split(",").flatMap((part) => /^\s*([A-Za-z_]\w*)/.exec(part)?.[1] ?? []);
}

function itemOf(text: string, plain: string, from: number, end: number, line: number): Item | null {
  const chunk = text.slice(from, end);
  const head = plain.slice(from, end);
  if (head.trim() === "" || head.trim() === ";") return null;
  const of = (kind: ItemKind, names: readonly string[]): Item => ({
    kind,
    names,
    text: chunk,
    line,
  });
  const brace = head.indexOf("{");
  const typedef = /^\s*typedef\b/.test(head);
  const tagged = /^\s*(?:typedef\s+)?(struct|union|enum)\b\s*(\w*)[^;={(]*$/.exec(
    brace < 0 ? "" : head.slice(0, brace),
  );
  const named = typedef
    ? /(\w+)\s*(?:\)\s*\([^;]*)?(?:\[[^\]]*\]\s*)?;\s*$/.exec(head)?.[1]
    : undefined;
  if (tagged !== null) {
    const [, word, tag] = tagged;
    const names = [tag, named].filter((n): n is string => n !== undefined && n !== "");
    if (word !== "enum") return of("struct", names);
    const inside = head.slice(brace + 1, closing(head, brace));
    return of("enum", [...names, ...enumerators(inside)]);
  }
  if (typedef) return of("typedef", named === undefined ? [] : [named]);
  const name = brace < 0 ? null : functionName(head, 0, brace);
  if (name !== null && !/=\s*$/.test(head.slice(0, brace))) return of("function", [name]);
  return of("other", []);
}

/** The definitions of a preprocessed file, in order. */
export function itemsOf(text: string): Item[] {
  const plain = blankStrings(text);
  const items: Item[] = [];
  let from = 0;
  let line = 1;
  const put = (end: number) => {
    const start = from + /^\s*/.exec(plain.slice(from, end))![0].length;
    for (let i = from; i < start; i++) if (plain[i] === "\n") line++;
    const item = itemOf(text, plain, start, end, line);
    if (item !== null) items.push(item);
    for (let i = start; i < end; i++) if (plain[i] === "\n") line++;
    from = end;
  };
  for (let i = 0; i < plain.length; i++) {
    if (plain[i] === "(") i = closing(plain, i);
    else if (plain[i] === "{") {
      const end = closing(plain, i);
      const isFunction = functionName(plain, from, i) !== null;
      i = end;
      if (isFunction) put(end + 1);
    } else if (plain[i] === ";") put(i + 1);
  }
  put(plain.length);
  return items;
}
