/**
 * Measures the loop of a campaign against a bare loop, in one run on one computer.
 *
 * The campaign runs as always. The bare loop then does as many executions, with as many CPUs,
 * points and switches.
 *
 * @module
 */
import type { Executor } from "../machine/executor.ts";
import { Campaign } from "./campaign/campaign.ts";
import { addEvent, beginEvents, finishEvents } from "./strategies/events.ts";
import type { Strategy } from "./strategies/strategy.ts";
import { DEMOTE, PROGRAM_WORDS } from "../prog/layout.ts";
import { packProgram } from "../prog/pack.ts";
import { parseProgram } from "../prog/parse.ts";
import type { TargetSpec } from "../prog/types.ts";

export interface BenchOptions {
  readonly executor: Executor;
  readonly cpus: number;
  readonly preempt: string;
  readonly strategy: Strategy;
  /** Milliseconds of the warm-up, and of the measurement. */
  readonly ms: number;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

export interface BenchResult {
  readonly cpus: number;
  readonly execs_per_sec: number;
  readonly points_per_sec: number;
  readonly ns_per_point: number;
  readonly us_per_switch: number;
  readonly ratio: number;
  readonly bare_execs_per_sec: number;
  readonly points_per_exec: number;
  readonly switches_per_exec: number;
  /** The same for a campaign with its own programs. */
  readonly campaign_execs_per_sec: number;
  readonly campaign_points_per_exec: number;
  readonly campaign_switches_per_exec: number;
  readonly campaign_ratio: number;
}

interface Slice {
  readonly seconds: number;
  readonly execs: number;
  readonly points: number;
  readonly switches: number;
}

/** Preemptions in a schedule of the benchmark program. */
const PREEMPTIONS = 3;
/**
 * Executions of the campaign between two readings of the clock, a power of two. A reading is a
 * system call.
 */
const ASK_EVERY = 16;
/** Executions of the bare loop between two readings of the clock; they are shorter. */
const BARE_ASK_EVERY = 64;

const fewPreemptions: Strategy = {
  name: "bench",
  doc: "a few preemptions at random points",
  schedule(out, s, rng) {
    beginEvents(out, s.cpus, rng);
    for (let i = 0; i < PREEMPTIONS; i++) addEvent(1 + rng.below(s.points), DEMOTE);
    finishEvents(out);
  },
};

/** A campaign that runs in slices. */
class Slices {
  readonly #campaign: Campaign;
  #until = 0;
  #asked = 0;

  constructor(spec: TargetSpec, readonly o: BenchOptions, fixed?: Int32Array) {
    this.#campaign = new Campaign(o.executor, spec, {
      seed: 1n,
      shard: 0,
      cpus: o.cpus,
      preempt: o.preempt,
      strategy: fixed === undefined ? o.strategy : fewPreemptions,
      fixed,
      maxExecs: Number.MAX_SAFE_INTEGER,
    }, {
      onFinding: () => 0,
      stop: () => (++this.#asked & (ASK_EVERY - 1)) === 0 && o.now() >= this.#until,
    });
  }

  /** Continue for this many milliseconds. */
  next(ms: number): Slice {
    const c = this.#campaign;
    const { execs, points, switches } = c;
    const start = this.o.now();
    this.#until = start + ms;
    c.fuzz();
    return {
      seconds: (this.o.now() - start) / 1000,
      execs: c.execs - execs,
      points: c.points - points,
      switches: c.switches - switches,
    };
  }
}

/** Seconds per execution of the bare loop, measured for `ms` milliseconds. */
function measureBare(turns: number, points: number, ms: number, o: BenchOptions): number {
  const start = o.now();
  let execs = 0;
  while (o.now() < start + ms) {
    o.executor.bare(o.cpus, turns, points, BARE_ASK_EVERY);
    execs += BARE_ASK_EVERY;
  }
  return (o.now() - start) / 1000 / execs;
}

/** Seconds per execution of the bare loop, for the average points and switches of a run. */
function bareFor(r: Slice, ms: number, o: BenchOptions): number {
  const points = r.points / r.execs;
  const switches = r.switches / r.execs;
  // The number of turns is whole; the time is interpolated between the two nearest numbers.
  const low = Math.max(1, Math.floor(switches));
  const a = measureBare(low, Math.round(points / low), ms / 2, o);
  const b = measureBare(low + 1, Math.round(points / (low + 1)), ms / 2, o);
  return a + (b - a) * Math.min(1, Math.max(0, switches - low));
}

/**
 * The cost of a switch: the time of the bare loop, minus its time for the same points without
 * switches.
 */
function perSwitch(r: Slice, bare: number, o: BenchOptions): number {
  const none = measureBare(1, Math.round(r.points / r.execs), o.ms / 8, { ...o, cpus: 1 });
  return Math.max(0, (bare - none) / Math.max(1, r.switches / r.execs));
}

function median(xs: readonly number[]): number {
  return xs.toSorted((a, b) => a - b)[xs.length >> 1];
}

/** Number of slices. The campaign and the bare loop alternate, so a slower computer slows both. */
const ROUNDS = 9;

/** A campaign and the bare loop side by side. Seconds per execution are medians. */
function compare(spec: TargetSpec, o: BenchOptions, fixed?: Int32Array) {
  const slices = new Slices(spec, o, fixed);
  const warm = slices.next(o.ms);
  bareFor(warm, o.ms / 4, o);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const slice = slices.next(o.ms / ROUNDS);
    return { slice, bare: bareFor(slice, o.ms / 2 / ROUNDS, o) };
  });
  const all = rounds.reduce<Slice>((sum, { slice }) => ({
    seconds: sum.seconds + slice.seconds,
    execs: sum.execs + slice.execs,
    points: sum.points + slice.points,
    switches: sum.switches + slice.switches,
  }), { seconds: 0, execs: 0, points: 0, switches: 0 });
  const perExec = (s: Slice) => s.seconds / s.execs;
  return {
    all,
    perExec: median(rounds.map(({ slice }) => perExec(slice))),
    bare: median(rounds.map(({ bare }) => bare)),
    ratio: median(rounds.map(({ slice, bare }) => bare / perExec(slice))),
  };
}

/**
 * Measure with one number of CPUs.
 *
 * The figures are those of the benchmark program: four operations per CPU, three preemptions, a new
 * schedule for every execution, all oracles and coverage on. The figures of a campaign with its own
 * programs are added; its executions differ in size.
 */
export function bench(
  spec: TargetSpec,
  o: BenchOptions,
  program?: (cpus: number) => string,
): BenchResult {
  const fixed = program === undefined ? undefined : packed(program(o.cpus), spec);
  const m = compare(spec, o, fixed);
  const own = fixed === undefined ? m : compare(spec, o);
  const each = perSwitch(m.all, m.bare, o);
  const points = m.all.points / m.all.execs;
  const switches = m.all.switches / m.all.execs;
  return {
    cpus: o.cpus,
    execs_per_sec: 1 / m.perExec,
    points_per_sec: points / m.perExec,
    ns_per_point: Math.max(0, (m.perExec - switches * each) / points) * 1e9,
    us_per_switch: each * 1e6,
    ratio: m.ratio,
    bare_execs_per_sec: 1 / m.bare,
    points_per_exec: points,
    switches_per_exec: switches,
    campaign_execs_per_sec: 1 / own.perExec,
    campaign_points_per_exec: own.all.points / own.all.execs,
    campaign_switches_per_exec: own.all.switches / own.all.execs,
    campaign_ratio: own.ratio,
  };
}

/**
 * Executions per second of the benchmark program and of a campaign with its own programs; no
 * comparison.
 */
export function speed(
  spec: TargetSpec,
  o: BenchOptions,
  program?: (cpus: number) => string,
): { execs_per_sec: number; campaign_execs_per_sec: number } {
  const measure = (fixed?: Int32Array) => {
    const slices = new Slices(spec, o, fixed);
    slices.next(o.ms);
    return slices.next(o.ms);
  };
  const own = measure();
  const fixed = program === undefined ? own : measure(packed(program(o.cpus), spec));
  return {
    execs_per_sec: fixed.execs / fixed.seconds,
    campaign_execs_per_sec: own.execs / own.seconds,
  };
}

function packed(text: string, spec: TargetSpec): Int32Array {
  const { program, errors } = parseProgram(text, "benchmark", [spec]);
  if (program === null) throw new Error(errors.map(String).join("\n"));
  const words = new Int32Array(PROGRAM_WORDS);
  packProgram(program, spec, words);
  return words;
}
