/** What tests of the documentation share: blocks of pages, run as a user would run them. */
import { assertEquals } from "@std/assert";

export { withDir } from "./with_dir.ts";

/** The project. */
export const root = new URL("../", import.meta.url);
export const ROOT = root.pathname;

/** A file of the project. */
export function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, root));
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
