/** A directory for one test. */

/** Make a directory; {@linkcode removeDir} must follow. */
export function makeDir(): string {
  return Deno.makeTempDirSync({ prefix: "objcg-fuzz-" });
}

/** Remove a directory with all that is in it. */
export function removeDir(dir: string): void {
  Deno.removeSync(dir, { recursive: true });
}

/** Run `f` with a directory that goes away afterwards. */
export async function withDir(f: (dir: string) => Promise<void> | void): Promise<void> {
  const dir = makeDir();
  try {
    await f(dir);
  } finally {
    removeDir(dir);
  }
}
