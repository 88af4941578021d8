/**
 * A program with threads, as a fuzz target: main starts them one by one, and joins them.
 *
 * @module
 */
import { cpu, type OpDefinition, type Target } from "../../../src/prog/target.ts";
import { joinCpu, startCpu } from "../../../src/machine/start.ts";

/** What the address of a program's module asks for: `FILE.ts?n=10&mended&start=at-once`. */
export interface Variant {
  /** The size of a program of a family. */
  readonly n: number;
  /** Without the bug. */
  readonly mended: boolean;
  /** All threads can run from the start, instead of when main has come to them. */
  readonly atOnce: boolean;
}

/** The variant that a module's address asks for. */
export function variantOf(url: string): Variant {
  const asked = new URL(url).searchParams;
  return {
    n: Number(asked.get("n") ?? 0),
    mended: asked.has("mended"),
    atOnce: asked.get("start") === "at-once",
  };
}

/** `n` times the name of a kind of thread. */
export function times(n: number, kind: string): string[] {
  return Array<string>(n).fill(kind);
}

export interface Description {
  /** Address of the module. */
  readonly url: string;
  readonly doc: string;
  /** What threads of each kind do. */
  readonly kinds: Readonly<Record<string, () => void>>;
  /** The kinds of the threads, in the order in which main starts them. */
  readonly threads: readonly string[];
  /** The initial state, where it is not 0. */
  readonly boot?: () => void;
  /** What main does when all threads have ended. */
  readonly afterwards?: () => void;
}

function named(url: string): string {
  return new URL(url).pathname.split("/").at(-1)!.replace(/\.ts$/, "");
}

/** The target: main is CPU 0, the threads are CPUs 1, 2, …. */
export function program(d: Description): Target {
  const { atOnce } = variantOf(d.url);
  const name = named(d.url);
  const cpus = d.threads.map((_, i) => i + 1);
  const kinds = Object.entries(d.kinds).map(([kind, run]): [string, OpDefinition] => [
    kind,
    { doc: `What a ${kind} does.`, run },
  ]);
  const lines = [
    ...atOnce ? [] : cpus.map((c) => `cpu0  start(cpu${c})`),
    "cpu0  join()",
    ...cpus.map((c) => `cpu${c}  ${d.threads[c - 1]}()`),
  ];
  const header = `objcg-fuzz 1\ntitle: ${name}\ntarget: ${name}\ncpus: ${cpus.length + 1}\n\n`;
  return {
    name,
    doc: d.doc,
    ops: {
      start: { doc: "Create a thread.", args: [cpu("cpu")], starts: "cpu", run: startCpu },
      join: {
        doc: "Wait for all threads, then look at what they left.",
        run() {
          for (const c of cpus) joinCpu(c);
          d.afterwards?.();
        },
      },
      ...Object.fromEntries(kinds),
    },
    boot: d.boot,
    program: `${header}${lines.join("\n")}\n`,
  };
}
