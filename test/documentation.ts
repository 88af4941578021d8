/**
 * What tests of the pages share: the pages themselves, their blocks, and running them as a user would.
 *
 * @module
 */
import { assertEquals } from "@std/assert";

export { withDir } from "./with_dir.ts";

/** The project. */
export const root = new URL("../", import.meta.url);
export const ROOT = root.pathname;

/** A file of the project. */
export function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, root));
}

/** Folders that hold pages, besides the root. */
const FOLDERS = [".github", "src", "fuzz", "corpus", "test"];

function pagesBelow(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isDirectory) return pagesBelow(path);
    return name.endsWith(".md") ? [path] : [];
  });
}

/** All pages of the project, sorted. */
export function pages(): string[] {
  return ["README.md", ...FOLDERS.flatMap(pagesBelow).sort()];
}

/** Folders in a folder, sorted. */
export function foldersIn(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => name).sort();
}

/** A page without its blocks of code. */
function prose(page: string): string {
  return read(page).replace(/^```.*?^```$/gms, "");
}

/** A link of a page: as written, and where it leads, from the root of the project. */
export interface Link {
  readonly link: string;
  readonly path: string;
  /** What follows `#`, or "". */
  readonly anchor: string;
}

/** The links of a page that stay in the project; one to a folder with a page leads to that. */
export function linksOf(page: string): Link[] {
  const all = pages();
  const links = [...prose(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link);
  return links.map((link) => {
    const url = new URL(link, new URL(page, root));
    const anchor = url.hash.slice(1);
    url.hash = "";
    const path = url.href.slice(root.href.length);
    const inside = `${path.replace(/\/$/, "")}/README.md`;
    return { link, path: all.includes(inside) ? inside : path, anchor };
  });
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: string): string[] {
  return [...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-")
  );
}

/** The commands in a page's shell blocks. */
export function commandsOf(page: string): string[] {
  const blocks = [...read(page).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code]) => code);
  return blocks.flatMap((code) => code.split("\n")).filter((line) => / ?\bdeno task /.test(line));
}

/** A table of Markdown as `deno fmt` writes it; the first row is the heading. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((r) => r[i].length)));
  const lines = rows.map((r) => `| ${r.map((c, i) => c.padEnd(widths[i])).join(" | ")} |`);
  lines.splice(1, 0, `| ${widths.map((w) => "-".repeat(w)).join(" | ")} |`);
  return lines.join("\n");
}

/**
 * A part of a page that the code decides: what stands between two comments `<!-- mark -->` must be
 * `content`. `UPDATE_GOLDEN=1` writes it.
 */
export function assertGenerated(page: string, mark: string, content: string): void {
  const comment = `<!-- ${mark} -->`;
  const [before, , ...after] = read(page).split(comment);
  assertEquals(after.length, 1, `${page} has one block between two comments ${comment}`);
  const text = `${before}${comment}\n\n${content}\n\n${comment}${after[0]}`;
  if (Deno.env.get("UPDATE_GOLDEN") === "1") Deno.writeTextFileSync(new URL(page, root), text);
  assertEquals(read(page), text);
}

/** Run `deno` in the project. */
export async function deno(...args: string[]): Promise<{ code: number; text: string }> {
  return await denoIn(root, ...args);
}

/** Run `deno` in a directory. */
export async function denoIn(
  cwd: URL | string,
  ...args: string[]
): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args,
    cwd,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** The fenced block of a page that begins with `start`. */
export function block(page: string, start: string): string {
  const blocks = [...read(page).matchAll(/^```\w*\n(.*?)^```$/gms)].map(([_, code]) => code);
  const found = blocks.filter((code) => code.startsWith(start));
  assertEquals(found.length, 1, `${page} has ${found.length} blocks that begin with "${start}"`);
  return found[0];
}

/** Save a block in a directory of its own, its imports pointing into the project. */
export function save(dir: string, name: string, code: string, from = ""): string {
  const base = new URL(from, root);
  const absolute = code.replace(
    /(from ")(\.[^"]+)"/g,
    (_, before, path) => `${before}${new URL(path, base).href}"`,
  );
  Deno.writeTextFileSync(`${dir}/${name}`, absolute);
  return `${dir}/${name}`;
}

/** Copy a folder with everything in it. */
export function copyFolder(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (isDirectory) copyFolder(`${from}/${name}`, `${to}/${name}`);
    else Deno.copyFileSync(`${from}/${name}`, `${to}/${name}`);
  }
}
