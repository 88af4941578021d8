/**
 * Files, written so that a kill at any moment leaves either the old or the new one.
 *
 * @module
 */
import type { Files } from "../../engine/triage/store.ts";

function dirname(path: string): string {
  const i = path.lastIndexOf("/");
  return i <= 0 ? (i === 0 ? "/" : ".") : path.slice(0, i);
}

export const atomicFiles: Files = {
  write(path, text) {
    Deno.mkdirSync(dirname(path), { recursive: true });
    const temporary = `${path}.${Deno.pid}.tmp`;
    try {
      Deno.writeTextFileSync(temporary, text);
      Deno.renameSync(temporary, path);
    } catch (e) {
      try {
        Deno.removeSync(temporary);
      } catch {
        // It was never made.
      }
      throw e;
    }
  },
  read(path) {
    try {
      return Deno.readTextFileSync(path);
    } catch (e) {
      if (e instanceof Deno.errors.NotFound) return null;
      throw e;
    }
  },
  list(dir) {
    try {
      return [...Deno.readDirSync(dir)].filter((f) => f.isFile && f.name.endsWith(".txt"))
        .map((f) => `${dir}/${f.name}`).sort();
    } catch (e) {
      if (e instanceof Deno.errors.NotFound) return [];
      throw e;
    }
  },
};
