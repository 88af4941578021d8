/**
 * Coverage of functions and of their lines, from detailed recordings.
 *
 * A line counts if a point lies in it: an access to shared memory, a lock, a call of the machine.
 *
 * @module
 */
import { threadOf } from "../report/accesses.ts";
import type { PointDetail, TracePoint } from "../report/types.ts";
import type { CoverageData, FunctionCoverage, LineCoverage } from "./campaign_data.ts";
import type { Excerpt } from "./data.ts";
import type { Sources } from "./sources.ts";

/** Contexts of handlers. */
const HANDLERS = ["softirq", "hardirq", "nmi"];

/** What one execution did in a line. */
interface Passed {
  readonly fn: string;
  readonly excerpt: number;
  readonly line: number;
  readonly cpus: Set<number>;
  handler: boolean;
}

/** In how many executions a line was passed. */
interface Counts {
  inputs: number;
  twoCpus: number;
  handler: number;
}

interface Covered {
  readonly name: string;
  readonly excerpt: number;
  readonly lines: Map<number, Counts>;
}

/** Finds out at which points a handler had run since the point before of the same thread. */
class Interruptions {
  /** Threads that passed a point, by CPU, and whether a handler ran since. */
  readonly #threads = new Map<number, Map<string, boolean>>();

  /** Whether a handler ran on the CPU since the last point of this thread. */
  pass(p: TracePoint): boolean {
    let own = this.#threads.get(p.cpu);
    if (own === undefined) this.#threads.set(p.cpu, own = new Map());
    const thread = threadOf(p);
    const isInterrupted = own.get(thread) ?? false;
    if (HANDLERS.includes(p.context)) { for (const other of own.keys()) own.set(other, true); }
    own.set(thread, false);
    return isInterrupted;
  }
}

/** Adds up executions. */
export class Coverage {
  readonly #functions = new Map<string, Covered>();
  readonly #sources: Sources;
  #inputs = 0;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** Add an execution. */
  add(points: readonly TracePoint[], details: readonly PointDetail[]): void {
    this.#inputs++;
    for (const { cpus, excerpt, fn, handler, line } of this.#passed(points, details)) {
      const counts = this.#counts(fn, excerpt, line);
      counts.inputs++;
      if (cpus.size > 1) counts.twoCpus++;
      if (handler) counts.handler++;
    }
  }

  /** What is known now; `names` are those of all functions, `left` inputs are to come. */
  data(names: readonly string[], left: number): CoverageData {
    const functions = [...this.#functions.values()]
      .map((f) => covered(f, this.#sources.excerpts[f.excerpt]))
      .sort((a, b) => a.file < b.file ? -1 : a.file > b.file ? 1 : a.from - b.from);
    const seen = new Set(functions.map(({ name }) => name));
    const without = names.filter((name) => !seen.has(name)).sort();
    return { inputs: this.#inputs, left, functions, without };
  }

  /** The lines that an execution passed, each once. */
  #passed(points: readonly TracePoint[], details: readonly PointDetail[]): Iterable<Passed> {
    const all = new Map<string, Passed>();
    const interruptions = new Interruptions();
    points.forEach((p, i) => {
      const isInterrupted = interruptions.pass(p);
      const fn = p.stack.at(-1);
      const { excerpt, line } = this.#sources.place(details[i].file, details[i].line);
      if (fn === undefined || excerpt < 0) return;
      const key = `${fn} ${excerpt} ${line}`;
      let passed = all.get(key);
      if (passed === undefined) {
        all.set(key, passed = { fn, excerpt, line, cpus: new Set(), handler: false });
      }
      passed.cpus.add(p.cpu);
      passed.handler ||= isInterrupted;
    });
    return all.values();
  }

  #counts(name: string, excerpt: number, line: number): Counts {
    const key = `${name} ${excerpt}`;
    let fn = this.#functions.get(key);
    if (fn === undefined) {
      this.#functions.set(key, fn = { name, excerpt, lines: new Map() });
    }
    let counts = fn.lines.get(line);
    if (counts === undefined) {
      fn.lines.set(line, counts = { inputs: 0, twoCpus: 0, handler: 0 });
    }
    return counts;
  }
}

function covered(
  { lines, name }: Covered,
  { file, from, lines: source }: Excerpt,
): FunctionCoverage {
  const all = [...lines].sort(([a], [b]) => a - b)
    .map(([line, { handler, inputs, twoCpus }]): LineCoverage => [line, inputs, twoCpus, handler]);
  return { name, file, from, source, lines: all };
}
