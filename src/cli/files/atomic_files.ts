/**
 * The only writer of the user's files. A kill at any moment leaves either the old file or the new
 * file, complete.
 *
 * @module
 */
import type { Files } from "../../engine/triage/store.ts";

/** The directory that a path is in. */
export function dirname(path: string): string {
  const at = path.lastIndexOf("/");
  return at < 0 ? "." : at === 0 ? "/" : path.slice(0, at);
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (e) {
    if (!(e instanceof Deno.errors.NotFound)) throw e;
  }
}

/**
 * Write a text to a temporary file beside `path`, and let `place` move it to `path`. With `lasting`
 * the text reaches the disk first. That takes 2 to 5 ms on ext4, which is too long for a file that
 * is written every few executions.
 */
function writeBeside(
  path: string,
  text: string,
  lasting: boolean,
  place: (temporary: string) => void,
): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${Deno.pid}.tmp`;
  try {
    writeWhole(temporary, text, lasting);
    place(temporary);
  } finally {
    removeIfThere(temporary);
  }
}

function writeWhole(path: string, text: string, lasting: boolean): void {
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
  if (lasting) file.syncDataSync();
}

/** The access to files that the engine and the verbs use. */
export const atomicFiles: Files = {
  write(path, text, lasting = true) {
    writeBeside(path, text, lasting, (temporary) => Deno.renameSync(temporary, path));
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

/** Write a file that does not exist yet; throws `AlreadyExists` if it does. */
export function createFile(path: string, text: string): void {
  // A link is a second name for the temporary file. Unlike a rename, it never replaces a file.
  writeBeside(path, text, true, (temporary) => Deno.linkSync(temporary, path));
}
