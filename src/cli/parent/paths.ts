/**
 * Paths and directories that the user named.
 *
 * @module
 */
import { dirname } from "../files/atomic_files.ts";
import { UsageError } from "../flags/usage.ts";
import { reason } from "../files/system_error.ts";

/** The file URL of a path, absolute or from the working directory. */
export function fileUrl(path: string): string {
  const absolute = absolutePath(path);
  // In a URL these characters would end the path or be decoded.
  const escaped = absolute.replace(/[%?#\\\s]/g, encodeURIComponent);
  return new URL(`file://${escaped}`).href;
}

/** The path of a file URL. */
export function pathOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname);
}

/** The path from the root. */
export function absolutePath(path: string): string {
  return path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
}

/** File URLs of the patches, which must exist. */
export function patchUrls(paths: readonly string[] = []): string[] {
  return paths.map((path) => {
    try {
      if (!Deno.statSync(path).isFile) throw new Error("it is not a file");
    } catch (e) {
      throw new UsageError(`Cannot read patch "${path}": ${reason(e)}`);
    }
    return fileUrl(path);
  });
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** The outermost directory that creating `dir` would create, or null if `dir` exists. */
function firstMissing(dir: string): string | null {
  let missing: string | null = null;
  for (let d = absolutePath(dir).replace(/\/+$/, ""); d !== "" && !exists(d); d = dirname(d)) {
    missing = d;
    if (dirname(d) === "/") break;
  }
  return missing;
}

/** Refuse a path with a comma: Deno separates the paths of a permission by commas. */
export function expectPassable(path: string): void {
  if (!path.includes(",")) return;
  throw new UsageError(
    `Cannot write to "${path}": the path has a comma, which a permission of Deno cannot name`,
  );
}

/** Create directories and check that they are writable. If one is not, remove the new ones. */
export function makeWritable(dirs: readonly string[]): void {
  const made: string[] = [];
  for (const dir of dirs) expectPassable(dir);
  for (const dir of dirs) {
    try {
      const missing = firstMissing(dir);
      if (missing !== null) made.unshift(missing);
      Deno.mkdirSync(dir, { recursive: true });
      const probe = Deno.makeTempFileSync({ dir, prefix: ".writable-" });
      Deno.removeSync(probe);
    } catch (e) {
      for (const d of made) if (exists(d)) Deno.removeSync(d, { recursive: true });
      throw new UsageError(`Cannot write to "${dir}": ${reason(e)}`);
    }
  }
}

/** Whether a patch is a diff of C. */
export function isDiff(path: string): boolean {
  return !path.endsWith(".ts");
}
