/**
 * What the translation of C has to know of the model, read from its source files: which names its
 * modules export, its functions, and the fields of its structures.
 *
 * @module
 */
import type { Model, ModelFunction } from "../../c/translate/model.ts";
import { parseKernel } from "../../kernel/series/expression.ts";
import { kernelSources } from "./kernel_sources.ts";

const ROOT = new URL("../../../", import.meta.url);

/** Modules of the machine whose names kernel code uses. */
const MACHINE = [
  "src/machine/memory/access.ts",
  "src/machine/memory/struct.ts",
  "src/machine/findings/warn.ts",
  "src/machine/words/config.ts",
  "src/machine/layout/registers.ts",
];

const EXPORT = /^export (?:const|let|function) (\w+)/gm;
const REEXPORT = /^export \* from/m;
const INTERFACE = /\binterface (\w+)\s+extends\b/g;

/** Files of the kernel and of its patches, in the order in which they are loaded. */
function modules(kernel: string): string[] {
  const files = [...Deno.readDirSync(new URL("src/kernel/", ROOT))]
    .filter((f) => f.isFile && f.name.endsWith(".ts")).map((f) => `src/kernel/${f.name}`).sort();
  const { patches } = parseKernel(kernel);
  return [...MACHINE, ...files, ...patches.map((p) => `src/kernel/patches/${p}.ts`)];
}

/** The text in angle brackets or braces that begins at `from`. */
function braced(text: string, from: number): string {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return text.slice(from, i + 1);
  }
  return text.slice(from);
}

/** The fields that an interface declares, and the interfaces that it extends. */
function fieldsIn(text: string, at: number): { fields: string[]; bases: string[] } {
  const open = text.indexOf("Fields<", at);
  const end = text.indexOf("\n}", at);
  const none = open < 0 || (end >= 0 && open > end);
  const heading = text.slice(at, none ? end : open);
  const bases = [...heading.matchAll(/\b([a-z_]\w*)\b/g)].map(([w]) => w).slice(2);
  if (none) return { fields: [], bases };
  const inner = braced(text, text.indexOf("{", open)).replace(/\/\*[^]*?\*\//g, "");
  return { fields: [...inner.matchAll(/(?:[{;]\s*|^\s*)(\w+):/gm)].map(([_, f]) => f), bases };
}

function structs(texts: readonly string[]): Map<string, Set<string>> {
  const own = new Map<string, Set<string>>();
  const bases = new Map<string, string[]>();
  for (const text of texts) {
    for (const match of text.matchAll(INTERFACE)) {
      const found = fieldsIn(text, match.index);
      own.set(match[1], new Set(found.fields));
      bases.set(match[1], found.bases);
    }
  }
  // A structure has the fields of those that it extends.
  for (const [name, fields] of own) {
    for (const base of bases.get(name)!) for (const f of own.get(base) ?? []) fields.add(f);
  }
  return own;
}

/** Number of parameters in a signature. */
function arityOf(signature: string): number {
  const inner = signature.slice(
    1,
    signature.lastIndexOf("):") < 0 ? -1 : signature.lastIndexOf("):"),
  );
  if (inner.trim() === "") return 0;
  let [depth, n] = [0, 1];
  for (const c of inner) {
    if ("([{<".includes(c)) depth++;
    else if (")]}>".includes(c)) depth--;
    else if (c === "," && depth === 0) n++;
  }
  return n;
}

/** The model of a kernel of the series. */
export function readModel(kernel: string): Model {
  const exports = new Map<string, string>();
  const texts: string[] = [];
  const files = modules(kernel);
  for (const file of files) {
    const url = new URL(file, ROOT);
    const text = Deno.readTextFileSync(url);
    texts.push(text);
    for (const [_, name] of text.matchAll(EXPORT)) exports.set(name, url.href);
  }
  const functions = new Map<string, ModelFunction>();
  for (const { name, file, signature } of kernelSources()) {
    if (!files.includes(file)) continue;
    functions.set(name, { name, file, arity: arityOf(signature.replace(/=>.*/, "")) });
  }
  return { exports, functions, fields: structs(texts) };
}

/** The end of what begins at `from` and has brackets: behind the last of them. */
function endOf(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if ("([{".includes(text[i])) depth++;
    else if (")]}".includes(text[i]) && --depth === 0 && /[,;\n]/.test(text[i + 1] ?? "\n")) {
      return i + 1;
    }
  }
  return text.length;
}

/** The definition of a function that counts in a kernel: that of the last patch that has one. */
export function modelSource(
  kernel: string,
  name: string,
): { file: string; line: number; text: string } | null {
  const entry = new RegExp(`^  ${name}[(:].*$`, "m");
  const registration = new RegExp(`^export const ${name} = kernel\\(`, "m");
  for (const file of modules(kernel).reverse()) {
    const text = Deno.readTextFileSync(new URL(file, ROOT));
    const at = (file.includes("/patches/") ? entry.exec(text) : null) ?? registration.exec(text);
    if (at === null) continue;
    const line = text.slice(0, at.index).split("\n").length;
    return { file, line, text: text.slice(at.index, endOf(text, at.index)) };
  }
  return null;
}

export { REEXPORT };
