/**
 * Running two access kernels at the same time, as the threads and timers of kcsan_test.c do: on two
 * CPUs that run both kernels, and in softirqs that interrupt each other, under a series of
 * schedules.
 */
import type { RemoteMachine } from "../../machine/remote.ts";

/** A report: its title without "KCSAN: ", and the kinds of its two accesses, sorted. */
export interface Report {
  readonly title: string;
  readonly accesses: string;
}

/** Points before the first switch; then the CPUs take turns, so that every waiting loop ends. */
const GAPS = 26;
const TURN = 13;
const TURNS = 24;

export interface Options {
  /** What runs before both kernels. */
  readonly boot?: string;
  /** Only one thread runs the first kernel. */
  readonly alone?: boolean;
}

function programs(first: string, second: string, { boot = "", alone = false }: Options): string[] {
  const [a, b] = [`test_kernel_${first}()`, `test_kernel_${second}()`];
  const reset = boot === "" ? "" : `boot ${boot}()\n`;
  const apart = [`cpu0 ${a}\ncpu1 ${b}`, `cpu0 ${a}\ncpu0 softirq ${b}`];
  if (alone) return apart;
  return [
    `cpu0 ${a}\ncpu1 ${b}`,
    `cpu0 ${a}\ncpu1 ${a}`,
    `cpu0 ${b}\ncpu1 ${b}`,
    `cpu0 ${a}\ncpu0 ${b}\ncpu0 test_induce()\ncpu1 ${a}\ncpu1 ${b}`,
    `cpu0 ${a}\ncpu0 softirq ${b}`,
    `cpu0 ${b}\ncpu0 softirq ${a}`,
  ].map((body) => reset + body);
}

function schedule(body: string, gap: number, first: number): string {
  const lines = [`schedule: numeric`, first === 0 ? "order cpu0 cpu1" : "order cpu1 cpu0"];
  if (body.includes("softirq")) return [body, ...lines, `+${gap} interrupt`].join("\n");
  lines.push(`+${gap} switch cpu${1 - first}`);
  for (let i = 0; i < TURNS; i++) lines.push(`+${TURN} switch cpu${(first + i) % 2}`);
  return [body, ...lines].join("\n");
}

function reportOf(title: string, text: string): Report {
  const kinds = text.split("\n").slice(0, 2)
    .map((l) => l.replace(/ to .*/, "").replace(/, \w+\)/, ")"));
  return { title: title.replace("KCSAN: ", ""), accesses: kinds.sort().join(" / ") };
}

/** All reports about two access kernels. */
export async function search(
  m: RemoteMachine,
  first: string,
  second: string,
  options: Options = {},
): Promise<Report[]> {
  const found = new Map<string, Report>();
  for (const body of programs(first, second, options)) {
    for (let gap = 1; gap <= GAPS; gap++) {
      for (const order of [0, 1]) {
        const { title, text } = await m.run(schedule(body, gap, order));
        if (title === null) continue;
        const r = reportOf(title, text);
        found.set(JSON.stringify(r), r);
      }
    }
  }
  return [...found.values()];
}
