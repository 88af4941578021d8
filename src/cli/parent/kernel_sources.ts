/**
 * The kernel's functions as its source files define them: where, and with which signature.
 *
 * @module
 */

const ROOT = new URL("../../../", import.meta.url);
const KERNEL = "src/kernel";

/** A function that a patch can replace. */
export interface KernelSource {
  readonly name: string;
  /** The file, from the root of the project. */
  readonly file: string;
  readonly line: number;
  /** Parameters and result, as in TypeScript: `(objcg: obj_cgroup, size: number): void`. */
  readonly signature: string;
}

/** Source files of a folder and below it, sorted; folders come last. */
function sourcesIn(folder: string): string[] {
  const entries = [...Deno.readDirSync(new URL(folder, ROOT))]
    .sort((a, b) => Number(a.isDirectory) - Number(b.isDirectory) || (a.name < b.name ? -1 : 1));
  return entries.flatMap(({ name, isDirectory }) => {
    if (isDirectory) return sourcesIn(`${folder}/${name}`);
    return name.endsWith(".ts") ? [`${folder}/${name}`] : [];
  });
}

/** The end of what opens with the bracket at `from`. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "(" || text[i] === "{") depth++;
    else if (text[i] === ")" || text[i] === "}") depth--;
    if (depth === 0) return i;
  }
  return text.length;
}

/** The signature of the function whose text begins at `from`. */
function signatureAt(text: string, from: number): string {
  const end = closing(text, from);
  const [result] = /^: [^={]+/.exec(text.slice(end + 1)) ?? [""];
  return (text.slice(from, end + 1) + result.trimEnd()).replace(/\s+/g, " ")
    .replace(/\( /, "(").replace(/,? \)/, ")");
}

/** A registration: `kernel("NAME", (…): … => …)` or `kernel("NAME", helper)`. */
const REGISTRATION = /\bkernel\(\s*"(\w+)",\s*(?:(?=\()|(\w+))/g;

function functionsOf(file: string): KernelSource[] {
  const text = Deno.readTextFileSync(new URL(file, ROOT));
  return [...text.matchAll(REGISTRATION)].map((match) => ({
    name: match[1],
    file,
    line: text.slice(0, match.index).split("\n").length,
    signature: signatureAt(
      text,
      match[2] === undefined
        ? match.index + match[0].length
        : text.indexOf("(", text.indexOf(`function ${match[2]}(`)),
    ),
  }));
}

/** All functions of the kernel, in the order of their files. */
export function kernelSources(): KernelSource[] {
  return sourcesIn(KERNEL).flatMap(functionsOf);
}
