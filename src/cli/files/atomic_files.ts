/**
 * The one place where files of the user's are written: a kill at any moment leaves either the old file
 * or the new one.
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
 * Write a text beside `path` and let `place` put it there. With `lasting` the text reaches the disk
 * first, which takes some milliseconds (2 to 5 on ext4): too long for what is written every few
 * executions.
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

/** Files as the engine and the verbs write them. */
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
  // A second name for the temporary file: unlike a rename, this never replaces what is there.
  writeBeside(path, text, true, (temporary) => Deno.linkSync(temporary, path));
}
