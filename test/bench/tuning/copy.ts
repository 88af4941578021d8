/**
 * A copy of the project, in which constants are given other values and measured.
 *
 * @module
 */
import type { Run, Setup } from "./cases.ts";
import type { Constant } from "./constants.ts";
import { override, valueOf } from "./override.ts";

const root = new URL("../../../", import.meta.url);
/** What running a campaign needs. */
const PARTS = ["deno.json", "deno.lock", "src", "fuzz", "corpus", "test"];

function copyInto(from: URL, to: URL): void {
  if (Deno.statSync(from).isFile) return Deno.copyFileSync(from, to);
  Deno.mkdirSync(to);
  for (const { name } of Deno.readDirSync(from)) {
    copyInto(new URL(name, `${from}/`), new URL(name, `${to}/`));
  }
}

/** A piece of a source file, and what takes its place. */
export interface Edit {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** A source with an edit made; its piece must be there once. */
export function edited(source: string, { path, from, to }: Edit): string {
  if (source.split(from).length !== 2) {
    throw new Error(`Cannot edit ${path}: "${from}" must be there once`);
  }
  return source.replace(from, () => to);
}

export class Copy {
  readonly #dir = Deno.makeTempDirSync({ prefix: "tune-" });

  /** @param core the core to pin to, or null. */
  constructor(readonly core: number | null) {
    for (const part of PARTS) copyInto(new URL(part, root), this.#url(part));
  }

  #url(path: string): URL {
    return new URL(path, `file://${this.#dir}/`);
  }

  /** The present value of a constant. */
  valueOf(c: Constant): number {
    return valueOf(Deno.readTextFileSync(new URL(c.path, root)), c.own);
  }

  /** Measure with a constant at a value, or, without one, with the sources as they are. */
  measure(setup: Setup, seeds: readonly number[], c?: Constant, value = 0): Run[] {
    if (c === undefined) return this.#run(setup, seeds);
    const source = Deno.readTextFileSync(new URL(c.path, root));
    Deno.writeTextFileSync(this.#url(c.path), override(source, c.own, value));
    try {
      return this.#run(setup, seeds);
    } finally {
      Deno.writeTextFileSync(this.#url(c.path), source);
    }
  }

  /** Measure with a piece of a source replaced by another. */
  measureEdited(setup: Setup, seeds: readonly number[], edits: readonly Edit[]): Run[] {
    const before = edits.map(({ path }) => Deno.readTextFileSync(new URL(path, root)));
    edits.forEach((e, i) => Deno.writeTextFileSync(this.#url(e.path), edited(before[i], e)));
    try {
      return this.#run(setup, seeds);
    } finally {
      edits.forEach(({ path }, i) => Deno.writeTextFileSync(this.#url(path), before[i]));
    }
  }

  #run(setup: Setup, seeds: readonly number[]): Run[] {
    const script = this.#url("test/bench/tuning/measure.ts").href;
    const args = [
      ...["run", "--no-prompt", "--quiet", "--allow-read", script],
      ...[JSON.stringify(setup), JSON.stringify(seeds)],
    ];
    const [command, ...rest] = this.core === null
      ? ["deno", ...args]
      : ["taskset", "-c", String(this.core), Deno.execPath(), ...args];
    const { success, stdout } = new Deno.Command(command, {
      args: rest,
      cwd: this.#dir,
      stderr: "inherit",
    }).outputSync();
    if (!success) throw new Error(`Cannot measure ${setup.target}: the campaigns ended early`);
    const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line));
  }

  remove(): void {
    Deno.removeSync(this.#dir, { recursive: true });
  }
}
