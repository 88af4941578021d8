/** Running command lines in this process, and a directory to do it in. */
import { type Known, SeriesOnDemand } from "../../src/cli/flags/known.ts";
import { runCommand } from "../../src/cli/command.ts";

export { withDir } from "../with_dir.ts";

const words = (...names: string[]) => names.map((name) => ({ name, doc: `about ${name}` }));

/** Names that do not change when the project grows. */
export const KNOWN: Known = {
  kernels: words("posted", "v5.9"),
  series: new SeriesOnDemand(() => Promise.resolve(new Map())),
  targets: words("objcg", "percpu_ref"),
  sanitizers: words("kasan", "kmsan", "lockdep").map((w) => ({ ...w, free: w.name !== "kmsan" })),
  strategies: words("portfolio", "directed", "pct", "random"),
};

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Run a command line; `part` is what the fake shard plays. */
export async function ran(args: readonly string[], part = "clean"): Promise<Ran> {
  let out = "";
  let err = "";
  const streams = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    terminal: false,
    columns: 80,
    isBroken: false,
  };
  const script = new URL(`./fake_shard.ts?part=${part}`, import.meta.url);
  const code = await runCommand(args, streams, { known: KNOWN, script });
  // Whether shards can be pinned depends on the machine the tests run on.
  return { code, out, err: err.replace(/^Cannot pin shards.*\n/m, "") };
}

/** All files below a directory. */
export function tree(dir: string): string[] {
  return [...Deno.readDirSync(dir)].flatMap((e) =>
    e.isDirectory ? [`${e.name}/`, ...tree(`${dir}/${e.name}`)] : [e.name]
  ).sort();
}

/** A file that is in order and canonical. */
export const INPUT = `objcg-fuzz 1
title: t
cpus: 2
expect posted: WARNING in f

boot  a = mkdir(root)
cpu0  rmdir(a)

schedule:
cpu0 until end
`;
