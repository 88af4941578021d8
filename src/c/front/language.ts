/**
 * The grammar of C: tree-sitter's, from the npm packages `web-tree-sitter` and `tree-sitter-c`.
 *
 * Both are WebAssembly that lies in the packages. Reading it needs permission to read Deno's npm
 * cache, and nothing else: no native module is loaded, no install script runs.
 *
 * @module
 */
import { findPackageJSON } from "node:module";
import { Language, type Node, Parser } from "web-tree-sitter";

export type { Node };

/** Turns text into a syntax tree. */
export type Parse = (text: string) => Node;

/** The grammar in its package. */
function grammarPath(): string {
  const manifest = findPackageJSON("tree-sitter-c", import.meta.url);
  if (manifest === undefined) {
    throw new Error('Cannot find the npm package "tree-sitter-c"; "deno install" brings it');
  }
  return manifest.replace(/package\.json$/, "tree-sitter-c.wasm");
}

let parser: Promise<Parser> | null = null;

async function makeParser(): Promise<Parser> {
  await Parser.init();
  const language = await Language.load(Deno.readFileSync(grammarPath()));
  const made = new Parser();
  made.setLanguage(language);
  return made;
}

/**
 * Load the grammar, once per process.
 *
 * ```ts
 * import { loadC } from "./language.ts";
 *
 * const parse = await loadC();
 * parse("int x;").type; // "translation_unit"
 * ```
 */
export async function loadC(): Promise<Parse> {
  parser ??= makeParser();
  const ready = await parser;
  return (text) => ready.parse(text)!.rootNode;
}
