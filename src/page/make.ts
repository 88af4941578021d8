/**
 * Makes the programs of the pages: `deno task page`. They are kept in view/bundle/, so that a page needs
 * nothing but this project.
 *
 * @module
 */
import { contentHash } from "../prog/hash.ts";

const HERE = new URL("./", import.meta.url);
const ROOT = new URL("../../", HERE);

/** The programs, each from view/NAME.tsx. */
export const PROGRAMS = ["finding", "campaign"] as const;

/** A module and everything that it imports by path, types aside, each once, in the order of the first import. */
function modulesFrom(url: URL, seen = new Map<string, string>()): Map<string, string> {
  if (seen.has(url.href)) return seen;
  const text = Deno.readTextFileSync(url);
  seen.set(url.href, text);
  // Types leave nothing in a program.
  const code = text.replace(/^(import|export) type [^;]*;/gm, "");
  for (const [, path] of code.matchAll(/\bfrom "(\.[^"]+)"/g)) {
    modulesFrom(new URL(path, url), seen);
  }
  return seen;
}

/** One word for everything that a program is made from: modules of this project, and those from npm. */
export function sourcesHash(name: string): string {
  const { imports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
  const modules = Object.entries(imports as Record<string, string>)
    .filter(([specifier]) => /^(preact|uplot)\b/.test(specifier)).map(([, target]) => target);
  const texts = modulesFrom(new URL(`view/${name}.tsx`, HERE)).values();
  return contentHash([...texts, ...modules].join("\0"));
}

/** The first line of a program: what it was made from, and its own hash. */
export function stamp(name: string, program: string): string {
  return `// Made by \`deno task page\` from ${sourcesHash(name)}; ${contentHash(program)}\n`;
}

async function bundle(name: string): Promise<string> {
  const { code, stderr, stdout } = await new Deno.Command("deno", {
    args: ["bundle", "--quiet", "--platform", "browser", "--minify", `src/page/view/${name}.tsx`],
    cwd: ROOT,
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) {
  for (const name of PROGRAMS) {
    const program = await bundle(name);
    const path = new URL(`view/bundle/${name}.js`, HERE);
    const temporary = new URL(`${path.href}.tmp`);
    Deno.mkdirSync(new URL("view/bundle/", HERE), { recursive: true });
    Deno.writeTextFileSync(temporary, stamp(name, program) + program);
    Deno.renameSync(temporary, path);
    console.log(`${name}: ${program.length} bytes`);
  }
}
