/**
 * A kernel tree: its version, and the definitions in the files that are read, by name.
 *
 * @module
 */
import { type Configuration, configuration } from "./config.ts";
import { arithmetic, type CType, INT, UINT } from "./ctype.ts";
import {
  baseType,
  declaration,
  type Declared,
  declared,
  type Field,
  fieldsOf,
  parameters,
  type TypeNames,
} from "./declare.ts";
import { CError, type Place } from "./error.ts";
import { FILES, type TreeFile } from "./files.ts";
import { type Item, itemsOf } from "./items.ts";
import type { Node, Parse } from "./language.ts";
import { type Legible, legible } from "./legible.ts";
import { type Macro, preprocess } from "./preprocess.ts";

/** Gives the text of a file of the tree, or null if there is none. */
export type ReadFile = (path: string) => string | null;

/** A tree cannot be used. */
export class TreeError extends Error {
  override name = "TreeError";
}

/** A function of the tree. */
export interface CFunction {
  readonly name: string;
  readonly file: string;
  /** Its first line, and its text without comments. */
  readonly line: number;
  readonly text: string;
  readonly result: CType;
  readonly params: readonly Declared[];
  readonly body: Node;
  readonly placeOf: (node: Node) => Place;
}

interface Located extends Item {
  readonly file: string;
}

/** `6.12`, from the first lines of the Makefile. */
function readVersion(read: ReadFile): string {
  const makefile = read("Makefile") ?? "";
  const [version, patchlevel] = ["VERSION", "PATCHLEVEL"].map((word) =>
    new RegExp(`^${word} = (\\d+)$`, "m").exec(makefile)?.[1]
  );
  if (version === undefined || patchlevel === undefined) {
    throw new TreeError("Makefile has no VERSION and PATCHLEVEL: this is no kernel tree");
  }
  return `v${version}.${patchlevel}`;
}

/** A tree that is read on demand. */
export class Tree implements TypeNames {
  readonly version: string;
  readonly bits: 32 | 64;
  /** The files that were read. */
  readonly files: readonly string[];
  readonly #parse: Parse;
  readonly #charSigned: boolean;
  readonly #items = new Map<string, Located[]>();
  readonly #macros = new Map<string, Macro>();
  readonly #functions = new Map<string, CFunction | null>();
  readonly #structs = new Map<string, readonly Field[] | null>();
  readonly #typedefs = new Map<string, CType | null>();

  constructor(
    read: ReadFile,
    parse: Parse,
    config: Configuration = configuration(),
    files: readonly TreeFile[] = FILES,
  ) {
    this.#parse = parse;
    this.bits = config.get("BITS_PER_LONG") === 64 ? 64 : 32;
    this.version = readVersion(read);
    // Since 6.2 the kernel is compiled with -funsigned-char.
    const [, major, minor] = /^v(\d+)\.(\d+)$/.exec(this.version)!.map(Number);
    this.#charSigned = major < 6 || (major === 6 && minor < 2);
    const found: string[] = [];
    this.files = found;
    for (const { path, needed, functions } of files) {
      const text = read(path);
      if (text === null) {
        if (needed) throw new TreeError(`${path} is missing: this is no kernel tree`);
        continue;
      }
      found.push(path);
      this.#read(path, text, config, functions);
    }
  }

  #read(path: string, text: string, config: Configuration, functions: boolean): void {
    const { text: kept, macros } = preprocess(text, path, config);
    for (const [name, macro] of macros) if (!this.#macros.has(name)) this.#macros.set(name, macro);
    for (const item of itemsOf(kept)) {
      if (item.kind === "function" && !functions) continue;
      for (const name of item.names) {
        const all = this.#items.get(name) ?? [];
        all.push({ ...item, file: path });
        this.#items.set(name, all);
      }
    }
  }

  #find(name: string, kind: Item["kind"]): Located | undefined {
    return this.#items.get(name)?.find((item) => item.kind === kind);
  }

  /** Whether the tree defines a function of that name. */
  hasFunction(name: string): boolean {
    return this.#find(name, "function") !== undefined;
  }

  /** Where a function is, without parsing it. */
  placeOfFunction(name: string): { file: string; line: number; text: string } | null {
    return this.#find(name, "function") ?? null;
  }

  /** Names of all functions. */
  functionNames(): string[] {
    return [...this.#items].filter(([_, items]) => items.some((i) => i.kind === "function"))
      .map(([name]) => name);
  }

  macro(name: string): Macro | null {
    return this.#macros.get(name) ?? null;
  }

  /** A function, parsed; null if the tree has none of that name. Throws a {@linkcode CError}. */
  function(name: string): CFunction | null {
    const known = this.#functions.get(name);
    if (known !== undefined) return known;
    const item = this.#find(name, "function");
    const made = item === undefined ? null : this.#parseFunction(name, item);
    this.#functions.set(name, made);
    return made;
  }

  #parseFunction(name: string, item: Located): CFunction {
    const clean = legible(item.text);
    const root = this.#parse(clean.text);
    const placeOf = placesOf(item, clean);
    const bad = firstError(root);
    if (bad !== null) {
      throw new CError(
        placeOf(bad),
        `Cannot read ${name}(): "${firstLine(bad.text)}" is no C that is known`,
      );
    }
    const definition = root.namedChildren.find((c) => c!.type === "function_definition");
    const body = definition?.childForFieldName("body");
    if (!definition || !body) {
      throw new CError(placeOf(root), `Cannot read ${name}(): it has no body`);
    }
    let head = definition.childForFieldName("declarator")!;
    const base = baseType(definition.childForFieldName("type")!, this);
    const { type } = declared(head, base, this);
    while (head.type !== "function_declarator") head = head.childForFieldName("declarator")!;
    const params = parameters(head.childForFieldName("parameters")!, this);
    const result = type.kind === "function" ? type.result : base;
    return {
      name,
      file: item.file,
      line: item.line,
      text: item.text,
      result,
      params,
      body,
      placeOf,
    };
  }

  /** Parse the body of a macro, or of another piece of text, as a statement or an expression. */
  parsePiece(text: string): Node | null {
    const root = this.#parse(legible(`void f(void) { ${text} }`).text);
    if (firstError(root) !== null) return null;
    return root.namedChildren[0]!.childForFieldName("body")!.namedChildren[0];
  }

  /** The fields of a structure, or null if the files that are read do not define it. */
  fields(name: string): readonly Field[] | null {
    const known = this.#structs.get(name);
    if (known !== undefined) return known;
    this.#structs.set(name, null);
    const item = this.#find(name, "struct");
    const node = item && this.#parse(legible(item.text).text);
    const body = node && findBody(node);
    const made = body ? fieldsOf(body, this) : null;
    this.#structs.set(name, made);
    return made;
  }

  field(struct: string, name: string): Field | null {
    return this.fields(struct)?.find((f) => f.name === name) ?? null;
  }

  typeNamed(words: string): CType | null {
    return arithmetic(words, this.bits, this.#charSigned) ?? this.typedef(words);
  }

  /** An enumeration without negative constants is an `unsigned int`, as gcc has it. */
  enumeration(tag: string | undefined): CType {
    const item = tag === undefined ? undefined : this.#find(tag, "enum");
    return item !== undefined && /=\s*-/.test(item.text) ? INT : UINT;
  }

  typedef(name: string): CType | null {
    const known = this.#typedefs.get(name);
    if (known !== undefined) return known;
    this.#typedefs.set(name, null);
    const made = this.#readTypedef(name);
    this.#typedefs.set(name, made);
    return made;
  }

  #readTypedef(name: string): CType | null {
    const item = this.#find(name, "typedef") ?? this.#find(name, "struct") ??
      this.#find(name, "enum");
    if (item === undefined) return null;
    if (item.kind === "struct") return { kind: "struct", name };
    if (item.kind === "enum") return this.enumeration(name);
    const node = this.#parse(legible(item.text).text).namedChildren[0];
    return node === null
      ? null
      : declaration(node, this).find((d) => d.name === name)?.type ?? null;
  }

  /** The value of a constant of an enumeration, as C text, or null. */
  enumerator(name: string): string | null {
    const item = this.#find(name, "enum");
    if (item === undefined) return null;
    const root = this.#parse(legible(item.text).text);
    let [base, next] = ["", 0];
    for (const e of root.descendantsOfType("enumerator")) {
      const value = e!.childForFieldName("value");
      if (value) [base, next] = [value.text, 0];
      if (e!.childForFieldName("name")!.text === name) {
        return base === "" ? String(next) : next === 0 ? base : `(${base}) + ${next}`;
      }
      next++;
    }
    return null;
  }
}

function findBody(node: Node): Node | null {
  return node.descendantsOfType(["struct_specifier", "union_specifier"])
    .map((s) => s!.childForFieldName("body")).find((b) => b !== null) ?? null;
}

function placesOf(item: Located, clean: Legible): (node: Node) => Place {
  return ({ startPosition: { row, column } }) => ({
    file: item.file,
    line: item.line + row,
    column: clean.column(row, column) + 1,
  });
}

/** The first place that the grammar does not understand. */
function firstError(node: Node): Node | null {
  if (!node.hasError) return null;
  if (node.isError || node.isMissing) return node;
  for (const child of node.children) {
    const found = firstError(child!);
    if (found !== null) return found;
  }
  return null;
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0].slice(0, 60);
}
