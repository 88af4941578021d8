/**
 * The translation as a TypeScript module: a patch, as a person would write it.
 *
 * @module
 */
import type { Tree } from "../front/tree.ts";
import type { Helper } from "./body.ts";
import type { Translated } from "./function.ts";
import { textOf } from "./lines.ts";
import type { Model } from "./model.ts";
import type { Translation } from "./translate.ts";
import { CELL_CALLS, INTEGER_CALLS } from "./value.ts";

/** Modules that the helpers and the head of the module need. */
export interface Places {
  /** URL of the root of the project, with a slash at the end. */
  readonly root: string;
}

const HELPERS: Readonly<Record<Helper, { imports: readonly [string, string][]; text: string }>> = {
  cpu_online: {
    imports: [["ONLINE", "src/machine/layout/cpus.ts"], ["views", "src/machine/words/arena.ts"]],
    text: `const { ctl } = views();

/** cpu_online() */
function cpu_online(cpu: number): boolean {
  return ((ctl[ONLINE] >> cpu) & 1) !== 0;
}`,
  },
  passed: {
    imports: [["passed", "src/machine/hooks/passages.ts"]],
    text: "",
  },
  warned: {
    imports: [["WARN_ON_ONCE", "src/machine/findings/warn.ts"]],
    text: `/** WARN_ON_ONCE() where its value is asked for. */
function warned(condition: boolean | number, what: string): boolean | number {
  WARN_ON_ONCE(condition, what);
  return condition;
}`,
  },
};

/** The head of a function: \`name(params): result\`. */
export function signature({ source, params, result }: Translated): string {
  return `${source.name}(${params.join(", ")}): ${result}`;
}

/** Names by the modules that export them, and names that only the registry knows. */
function sortUses(uses: ReadonlySet<string>, model: Model) {
  const imports = new Map<string, string[]>();
  const prototypes: string[] = [];
  for (const name of [...uses].sort()) {
    const url = model.exports.get(name);
    // A function is called through the registry: what its file exports may be what a patch replaced.
    if (url === undefined) prototypes.push(name);
    else imports.set(url, [...imports.get(url) ?? [], name]);
  }
  return { imports, prototypes };
}

/** The functions for integers of 64 bits that the code calls, with the files that have them. */
function wideUses(all: readonly Translated[]): [path: string, name: string][] {
  const text = all.flatMap(({ lines }) => lines.map((line) => line.text)).join("\n");
  const found = new Set(text.match(/\b\w+64(?=\()|\blow32(?=\()/g));
  return [
    ...INTEGER_CALLS.filter((name) => found.has(name)).map((name) =>
      ["src/c/wide.ts", name] as [string, string]
    ),
    ...CELL_CALLS.filter((name) => found.has(name)).map((name) =>
      ["src/machine/findings/cell.ts", name] as [string, string]
    ),
  ];
}

function put(imports: Map<string, string[]>, url: string, name: string): void {
  const names = imports.get(url) ?? [];
  if (!names.includes(name)) imports.set(url, [...names, name]);
}

/** The text of the module: its default export is a patch named \`name\`. */
export function moduleText(
  { functions, helpers }: Translation,
  tree: Tree,
  model: Model,
  { root }: Places,
  name: string,
): string {
  const all = [...helpers.values(), ...functions.values()];
  const { imports, prototypes } = sortUses(new Set(all.flatMap(({ uses }) => [...uses])), model);
  const texts: string[] = [];
  for (const helper of new Set(all.flatMap((t) => [...t.helpers]))) {
    for (const [what, path] of HELPERS[helper].imports) put(imports, root + path, what);
    if (HELPERS[helper].text !== "") texts.push(HELPERS[helper].text);
  }
  for (const [path, name] of wideUses(all)) put(imports, root + path, name);
  put(imports, `${root}src/kernel/patches/patch.ts`, "patch");
  if (prototypes.length > 0) put(imports, `${root}src/machine/calls/prototype.ts`, "prototype");
  const head = [...imports].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([url, names]) => `import { ${names.sort().join(", ")} } from "${url}";`);
  const linked = prototypes.map((f) =>
    `const ${f} = prototype("${f}", ${model.functions.get(f)!.arity});`
  );
  const inlined = [...helpers.values()].map((t) =>
    `${placeComment(t)}\nfunction ${definition(t, 0)}`
  );
  const replaced = [...functions.values()].map((t) =>
    `  ${placeComment(t)}\n  ${definition(t, 1)},`
  );
  return [
    `// Translated from ${tree.version}. C is typed by its compiler, so this is not checked again.`,
    "// @ts-nocheck",
    head.join("\n"),
    ...linked.length > 0 ? [linked.join("\n")] : [],
    ...texts,
    ...inlined,
    `export default patch("${name}", "the C of ${tree.version}", {\n${
      replaced.join("\n\n")
    }\n});\n`,
  ].join("\n\n");
}

/** The comment above a function: its place in the tree. */
export function placeComment({ source }: Translated): string {
  return `/** ${source.file}:${source.line} */`;
}

function definition(t: Translated, base: number): string {
  return `${signature(t)} {\n${textOf(t.lines, base + 1)}\n${"  ".repeat(base)}}`;
}
