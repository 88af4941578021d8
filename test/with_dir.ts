/** A directory for one test. */

/** Run `f` with a directory that goes away afterwards. */
export async function withDir(f: (dir: string) => Promise<void> | void): Promise<void> {
  const dir = Deno.makeTempDirSync({ prefix: "objcg-fuzz-" });
  try {
    await f(dir);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}
