/**
 * The preprocessor: keeps the lines that a configuration compiles, and collects macros.
 *
 * Macros are not expanded here. The translation expands them where it must, so that
 * `MEMCG_CHARGE_BATCH` stays a name. `#include` is not followed: the files that are read are listed in
 * files.ts.
 *
 * @module
 */
import { evaluateCondition } from "./condition.ts";
import type { Configuration } from "./config.ts";
import { CError } from "./error.ts";
import { readInteger } from "./integer.ts";
import { blankComments } from "./strip.ts";

/** A macro. */
export interface Macro {
  readonly name: string;
  /** Names of the parameters, or null for one without brackets. */
  readonly params: readonly string[] | null;
  readonly body: string;
  readonly file: string;
  readonly line: number;
}

/** A file after the preprocessor: as many lines as before, those that are not compiled blank. */
export interface Preprocessed {
  readonly text: string;
  readonly macros: ReadonlyMap<string, Macro>;
}

/** One `#if` that is open. */
interface Branch {
  readonly line: number;
  /** Whether what is around it is compiled. */
  readonly around: boolean;
  /** Whether this branch is, and whether one before it was. */
  on: boolean;
  taken: boolean;
}

const DIRECTIVE = /^\s*#\s*(\w+)\s*(.*)$/;
const DEFINITION = /^(\w+)(?:\(([^)]*)\))?\s*(.*)$/s;

class Preprocessor {
  readonly macros = new Map<string, Macro>();
  readonly #open: Branch[] = [];
  readonly #file: string;
  readonly #config: Configuration;

  constructor(file: string, config: Configuration) {
    this.#file = file;
    this.#config = config;
  }

  get on(): boolean {
    return this.#open.at(-1)?.on ?? true;
  }

  #value(name: string): number | null {
    const known = this.#config.get(name);
    if (known !== undefined) return known;
    const macro = this.macros.get(name);
    if (macro === undefined) return null;
    if (macro.params !== null) return 0;
    try {
      return Number(readInteger(macro.body.trim()).value);
    } catch {
      return this.#config.get(macro.body.trim()) ?? 0;
    }
  }

  #error(line: number, what: string): never {
    throw new CError({ file: this.#file, line, column: 1 }, what);
  }

  #test(line: number, word: string, rest: string): boolean {
    const lookup = (name: string) => this.#value(name);
    if (word === "ifdef") return lookup(rest.trim()) !== null;
    if (word === "ifndef") return lookup(rest.trim()) === null;
    try {
      return evaluateCondition(rest, lookup);
    } catch (e) {
      this.#error(line, `Cannot evaluate #${word}: ${(e as Error).message}`);
    }
  }

  directive(line: number, word: string, rest: string): void {
    if (/^if(n?def)?$/.test(word)) {
      const around = this.on;
      const on = around && this.#test(line, word, rest);
      this.#open.push({ line, around, on, taken: on });
    } else if (word === "elif" || word === "else" || word === "endif") {
      this.#turn(line, word, rest);
    } else if (this.on && word === "define") {
      const [, name, params, body] = DEFINITION.exec(rest) ??
        this.#error(line, "#define of nothing");
      const list = params?.split(",").map((p) => p.trim()).filter((p) => p !== "") ?? null;
      this.macros.set(name, { name, params: list, body: body.trim(), file: this.#file, line });
    } else if (this.on && word === "undef") this.macros.delete(rest.trim());
  }

  #turn(line: number, word: string, rest: string): void {
    const branch = this.#open.at(-1) ?? this.#error(line, `#${word} without #if`);
    if (word === "endif") this.#open.pop();
    else {
      const wanted = branch.around && !branch.taken;
      branch.on = wanted && (word === "else" || this.#test(line, word, rest));
      branch.taken ||= branch.on;
    }
  }

  end(): void {
    const branch = this.#open.at(-1);
    if (branch !== undefined) this.#error(branch.line, "#if without #endif");
  }
}

/** Preprocess one file. `file` is its name in messages. */
export function preprocess(text: string, file: string, config: Configuration): Preprocessed {
  const pre = new Preprocessor(file, config);
  const lines = blankComments(text).split("\n");
  const out: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    const from = i;
    let line = lines[i];
    if (!/^\s*#/.test(line)) {
      out.push(pre.on ? line : "");
      continue;
    }
    // A directive ends at the first line that does not end with a backslash.
    while (line.endsWith("\\") && i + 1 < lines.length) {
      line = line.slice(0, -1) + "\n" + lines[++i];
    }
    const [, word, rest] = DIRECTIVE.exec(line.replace(/\n/g, " ")) ?? [];
    if (word !== undefined) pre.directive(from + 1, word, rest);
    for (let k = from; k <= i; k++) out.push("");
  }
  pre.end();
  return { text: out.join("\n"), macros: pre.macros };
}
