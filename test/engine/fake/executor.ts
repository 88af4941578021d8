/**
 * An executor without a machine, to run the engine on: CPUs count in cells without a lock.
 *
 * Every operation is a few points. `add` loads a cell and stores one more, so a switch in between loses
 * an update, which is the finding.
 */
import { numericOrder, type Point, stepsOf, symbolicOrder } from "./order.ts";
import {
  type Executor,
  type Form,
  type Found,
  type Meetings,
  NUMERIC,
  type Outcome,
  type Recording,
  type States,
} from "../../../src/machine/executor.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import type { ParseError } from "../../../src/prog/errors.ts";
import {
  E_ACTION,
  E_GAP,
  eventAt,
  OP_ARGS,
  OP_CPU,
  OP_ID,
  operationAt,
  P_CPUS,
  P_NOPS,
  P_OPS,
  packAction,
  PROGRAM_WORDS,
  S_NEVENTS,
  S_WALK,
  S_WALK_SEED,
  SCHEDULE_WORDS,
  SWITCH,
} from "../../../src/prog/layout.ts";
import { int } from "../../../src/prog/target.ts";
import { BOOT, type Step, type TargetSpec } from "../../../src/prog/types.ts";
import type { PointDetail, TracePoint } from "../../../src/report/types.ts";

export const SPEC: TargetSpec = {
  name: "fake",
  doc: "Counting without a lock",
  predefined: [],
  ops: [
    { name: "add", doc: "Add one to a cell", args: [int("cell", 0, 3)] },
    { name: "look", doc: "Load a cell", args: [int("cell", 0, 3)] },
    { name: "fail", doc: "Throw an exception", args: [], weight: 0 },
    { name: "hoard", doc: "Ask for more than there is", args: [], weight: 0 },
  ],
};
export const TITLE = "lost update";

/** The points of each operation. */
const POINTS: Readonly<Record<string, readonly string[]>> = {
  add: ["begin", "load", "store"],
  look: ["begin", "load"],
  fail: ["begin"],
  hoard: ["begin"],
};

interface Passed extends Point {
  readonly value: number;
}

interface Meeting {
  readonly position: number;
  readonly key: number;
  readonly written: number;
  readonly writer: number;
  readonly reader: number;
  readonly cell: number;
  readonly writes: boolean;
}

function found(title: string, fault: Found["fault"]): Found {
  const oracle = fault === "kernel" ? "ledger" : "harness";
  return { title, oracle, text: "details", fault, isLockup: false };
}

/** What the order of the points comes to: values, meetings, and the finding. */
function evaluate(order: readonly Point[], fault: Found["fault"]) {
  const cells = Array.from({ length: 4 }, () => ({ value: 0, writer: -1, written: 0, adds: 0 }));
  const loaded = new Map<number, number>();
  const meetings: Meeting[] = [];
  const passed = order.map((p, i): Passed => {
    const c = cells[p.cell];
    if (p.what !== "begin" && c.writer >= 0 && c.writer !== p.cpu) {
      const { writer, written } = c;
      const access = { cell: p.cell, writes: p.what === "store" };
      meetings.push({ position: i + 1, key: p.op, written, writer, reader: p.cpu, ...access });
    }
    if (p.what === "load") loaded.set(p.cpu, c.value);
    if (p.what === "store") {
      Object.assign(c, { value: loaded.get(p.cpu)! + 1, writer: p.cpu, written: i + 1 });
      c.adds++;
    }
    return { ...p, value: c.value };
  });
  const ran = (fn: string) => order.some((p) => p.fn === fn);
  const finding = ran("fail")
    ? found("exception in fail", fault)
    : ran("hoard")
    ? found("capacity exceeded", "capacity")
    : cells.some((c) => c.value !== c.adds)
    ? found(TITLE, "kernel")
    : null;
  return { passed, meetings, finding };
}

export class FakeExecutor implements Executor {
  readonly program = new Int32Array(PROGRAM_WORDS);
  readonly schedule = new Int32Array(SCHEDULE_WORDS);
  novel = 0;
  readonly coverage = new Uint8Array(1 << 16);
  executions = 0;
  /** Those of them that were recorded. */
  recordings = 0;
  /** What was expected, and ignored. */
  readonly calls: string[] = [];
  #steps: readonly Step[] = [];
  #found: Found | null = null;
  #trace: readonly Passed[] = [];
  #met: readonly Meeting[] = [];
  #unreached: readonly number[] = [];
  readonly #seen = new Set<string>();

  /**
   * With `diverges`, findings are gone when an execution is recorded: what must never happen. With
   * `fault`, what fail() throws is the fault of that one.
   */
  constructor(
    readonly options: { readonly diverges?: boolean; readonly fault?: Found["fault"] } = {},
  ) {}

  get hasFound(): boolean {
    return this.#found !== null;
  }

  get points(): number {
    return this.#trace.length;
  }

  get scheduledPoints(): number {
    return this.#trace.length;
  }

  get switches(): number {
    return this.#turns().length - 1;
  }

  /** Indices of the points with which turns begin. */
  #turns(): number[] {
    return this.#trace.flatMap((p, i) => i > 0 && this.#trace[i - 1].cpu === p.cpu ? [] : [i]);
  }

  readonly meetings: Meetings = this.#meetings();

  #meetings(): Meetings {
    const met = () => this.#met;
    const turns = () => this.#turns();
    return {
      keys: P_OPS,
      get count() {
        return met().length;
      },
      position: (m) => met()[m].position,
      key: (m) => met()[m].key % P_OPS,
      written: (m) => met()[m].written,
      writer: (m) => met()[m].writer,
      reader: (m) => met()[m].reader,
      cell: (m) => 1 + met()[m].cell,
      writes: (m) => met()[m].writes,
      get turns() {
        return turns().length;
      },
      turnStart: (t) => turns()[t],
      turnActor: (t) => this.#trace[turns()[t]].cpu,
      starts: 0,
      releases: 0,
      releasedAt: () => 0,
      releaser: () => 0,
      released: () => 0,
    };
  }

  readonly states: States = {
    counts: new Uint32Array(16),
    takeRarest: () => 1 + this.#trace.length % 15,
    rarestCpu: 0,
  };

  readonly visits = { count: 0, position: () => 0, state: () => 0 };

  readonly passages = { lines: 0, at: () => 0 };

  readonly lockOrders = { count: () => 0, at: () => 0, from: () => 0, to: () => 0 };

  writeSteps(steps: readonly Step[]): ParseError[] {
    this.#steps = steps;
    return [];
  }

  expect(titles: readonly string[] | null): void {
    this.calls.push(`expect ${titles === null ? "new" : titles[0]}`);
  }

  ignore(title: string): void {
    this.calls.push(`ignore ${title}`);
  }

  forget(): void {
    this.#seen.clear();
  }

  execute(form: Form): void {
    this.executions++;
    const all = Array.from({ length: this.program[P_NOPS] }, (_, op) => this.#pointsOf(op)).flat();
    const boot = all.filter((p) => p.cpu === BOOT).map((p) => ({ ...p, cpu: 0 }));
    const cpus = Array.from(
      { length: this.program[P_CPUS] },
      (_, cpu) => all.filter((p) => p.cpu === cpu),
    );
    if (form === NUMERIC && this.schedule[S_WALK] > 0) this.#walk(all.length);
    const { passed: order, unreached } = form === NUMERIC
      ? { passed: numericOrder(cpus, this.schedule), unreached: [] }
      : symbolicOrder(cpus, this.#steps);
    this.#unreached = unreached;
    const { finding, meetings, passed } = evaluate(
      [...boot, ...order],
      this.options.fault ?? "exception",
    );
    this.#trace = passed.slice(boot.length);
    this.#met = meetings.filter(({ written }) => written > boot.length).map((m) => ({
      ...m,
      position: m.position - boot.length,
      written: m.written - boot.length,
    }));
    this.#found = finding;
    this.novel = 0;
    for (const p of passed) this.#note(`${p.cpu} ${p.fn} ${p.what} ${Math.min(p.value, 3)}`);
  }

  /** A walk switches to a random CPU at each of so many points. It starts behind all events. */
  #walk(points: number): void {
    const { program, schedule } = this;
    const rng = new Rng(schedule[S_WALK_SEED]);
    let at = 0;
    for (let i = 0; i < schedule[S_NEVENTS]; i++) at += schedule[eventAt(i) + E_GAP];
    let gap = schedule[S_WALK] - at;
    for (let i = 0; i < points; i++, gap = 1) {
      const e = eventAt(schedule[S_NEVENTS]++);
      schedule[e + E_GAP] = gap;
      schedule[e + E_ACTION] = packAction(SWITCH, rng.below(program[P_CPUS]));
    }
    schedule[S_WALK] = 0;
  }

  attempt(form: Form): void {
    this.execute(form);
  }

  confirm(): void {}

  #pointsOf(op: number): Point[] {
    const o = operationAt(op);
    const fn = SPEC.ops[this.program[o + OP_ID]].name;
    const [cpu, cell] = [this.program[o + OP_CPU], this.program[o + OP_ARGS]];
    return POINTS[fn].map((what) => ({ cpu, op, fn, what, cell }));
  }

  #note(feature: string): void {
    if (this.#seen.has(feature)) return;
    this.#seen.add(feature);
    this.novel++;
  }

  record(form: Form): void {
    this.recordings++;
    this.execute(form);
    if (this.options.diverges) this.#found = null;
  }

  outcome(): Outcome {
    const { novel, points, switches } = this;
    return {
      found: this.#found,
      points,
      switches,
      novel,
      unreached: this.#unreached.length,
      unreachedFirst: this.#unreached[0] ?? 0,
      traceHash: this.#trace.map((p) => `${p.cpu}${p.fn}${p.what}${p.cell}${p.value}`).join(),
    };
  }

  returned(): number {
    return 0;
  }

  readonly recording: Recording = {
    kernelFunctions: () => [],
    points: () => this.#trace.map(tracePoint),
    functions: () => [...new Set(this.#trace.map(({ fn }) => fn))],
    details: () => this.#trace.map(() => DETAIL),
    contextSwitches: () => this.switches,
    steps: () => stepsOf(this.#trace),
    finding: () => {
      const { oracle, text, title } = this.#found!;
      return { title, oracle, detail: [text], at: tracePoint(this.#trace.at(-1)!), others: [] };
    },
  };

  bare(): void {}

  close(): void {}
}

/** What is known of a point besides. */
const DETAIL: PointDetail = {
  file: 0,
  line: 0,
  irqOff: false,
  bhOff: false,
  preemptOff: false,
  inRcu: false,
  locks: [],
  memory: "live",
};

function tracePoint({ cpu, fn, op, value, what }: Passed): TracePoint {
  return {
    cpu,
    context: "task",
    stack: [fn],
    what,
    object: null,
    field: null,
    value: String(value),
    op,
    switchReason: null,
  };
}
