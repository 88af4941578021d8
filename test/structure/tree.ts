/** A tree of source files, and the arrows between them. */
import type { Graph } from "./graph.ts";
import { readSource, type Source } from "./source.ts";

/** Text by path, `/` between folders, relative to the root. */
export type Tree = ReadonlyMap<string, string>;

/** Reads all modules below these paths of a folder; declaration files are none. */
export function readTree(root: URL, paths: readonly string[]): Tree {
  const tree = new Map<string, string>();
  const read = (path: string) => {
    const url = new URL(path, root);
    if (Deno.statSync(url).isFile) tree.set(path, Deno.readTextFileSync(url));
    else for (const name of names(url)) read(`${path}/${name}`);
  };
  const names = (url: URL) =>
    [...Deno.readDirSync(url)].filter((e) => e.isDirectory || /(?<!\.d)\.tsx?$/.test(e.name))
      .map(({ name }) => name).sort();
  for (const path of paths) read(path);
  return tree;
}

/** Parses every file. */
export function sources(tree: Tree): Map<string, Source> {
  return new Map([...tree].map(([path, text]) => [path, readSource(path, text)]));
}

/** Who imports whom; only what is named by a relative path counts. */
export function importGraph(files: ReadonlyMap<string, Source>): Graph {
  const graph = new Map<string, Set<string>>();
  for (const [path, { imports }] of files) {
    const relative = imports.filter((specifier) => specifier.startsWith("."));
    graph.set(path, new Set(relative.map((specifier) => resolve(path, specifier))));
  }
  return graph;
}

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

/** The folder of a file; "." for one at the top. */
export function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".";
}
