/**
 * Measuring the loop against the bare hand-off loop, in one run on one machine.
 *
 * What is measured is the campaign itself, with everything on; the bare loop then does as many
 * executions with as many CPUs, points and switches each.
 *
 * @module
 */
import * as arena from "../machine/arena.ts";
import { bareExecute } from "../machine/bare.ts";
import * as C from "../machine/control.ts";
import { Campaign } from "./campaign.ts";
import { addEvent, beginEvents, DEMOTE, finishEvents } from "./strategies/events.ts";
import type { Strategy } from "./strategies/strategy.ts";
import { PROGRAM_WORDS } from "../prog/layout.ts";
import { packProgram } from "../prog/pack.ts";
import { parseProgram } from "../prog/parse.ts";
import type { TargetSpec } from "../prog/types.ts";

const { ctl } = arena;

export interface BenchOptions {
  readonly cpus: number;
  readonly preempt: string;
  readonly strategy: Strategy;
  /** Milliseconds of warming up, and of measuring. */
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
  /** The same for the campaign on generated programs. */
  readonly campaign_execs_per_sec: number;
  readonly campaign_points_per_exec: number;
  readonly campaign_switches_per_exec: number;
  readonly campaign_ratio: number;
}

interface Run {
  readonly seconds: number;
  readonly execs: number;
  readonly points: number;
  readonly switches: number;
}

/** Three preemptions at random points: the shape that the design's bare loop was measured with. */
const threePreemptions: Strategy = {
  name: "bench",
  doc: "three preemptions",
  schedule(out, s, rng) {
    beginEvents(out, s.cpus, rng);
    for (let i = 0; i < 3; i++) addEvent(1 + rng.below(s.points), DEMOTE);
    finishEvents(out);
  },
};

/** Run a warmed-up campaign for a while: its own programs, or the benchmark's. */
function measureCampaign(spec: TargetSpec, o: BenchOptions, fixed?: Int32Array): Run {
  let until = o.now() + o.ms;
  const campaign = new Campaign(spec, {
    seed: 1n,
    shard: 0,
    cpus: o.cpus,
    preempt: o.preempt,
    strategy: fixed === undefined ? o.strategy : threePreemptions,
    fixed,
    maxExecs: Number.MAX_SAFE_INTEGER,
  }, {
    onFinding: () => 0,
    stop: () => o.now() >= until,
  });
  campaign.run();
  const before = { execs: campaign.execs, points: campaign.points, switches: campaign.switches };
  const start = o.now();
  until = start + o.ms;
  campaign.run();
  return {
    seconds: (o.now() - start) / 1000,
    execs: campaign.execs - before.execs,
    points: campaign.points - before.points,
    switches: campaign.switches - before.switches,
  };
}

/** Seconds per execution of the bare loop. */
function measureBare(cpus: number, turns: number, points: number, o: BenchOptions): number {
  const execs = { n: 0 };
  const stretch = (ms: number) => {
    const start = o.now();
    execs.n = 0;
    while (o.now() < start + ms) {
      for (let i = 0; i < 64; i++) bareExecute(cpus, turns, points);
      Atomics.add(ctl, C.HEARTBEAT, 1); // a slow machine is no hung one
      execs.n += 64;
    }
    return (o.now() - start) / 1000 / execs.n;
  };
  stretch(o.ms / 4);
  return stretch(o.ms / 2);
}

/** The bare loop's seconds per execution for what a run did. */
function bareFor(r: Run, o: BenchOptions): { bare: number; perSwitch: number } {
  const points = r.points / r.execs;
  const switches = r.switches / r.execs;
  // Turns are whole; the bare loop's time is interpolated between the two nearest numbers.
  const low = Math.max(1, Math.floor(switches));
  const bareAt = (turns: number) => measureBare(o.cpus, turns, Math.round(points / turns), o);
  const a = bareAt(low);
  const b = bareAt(low + 1);
  const bare = a + (b - a) * Math.min(1, Math.max(0, switches - low));
  const none = measureBare(1, 1, Math.round(points), o);
  ctl[C.BARE_TURNS] = 0;
  return { bare, perSwitch: Math.max(0, (bare - none) / Math.max(1, switches)) };
}

/**
 * Measure with one number of CPUs.
 *
 * The figures are those of the benchmark program: four operations per CPU and three preemptions,
 * a new schedule for every execution, all oracles and coverage on. Beside them stands the campaign
 * on generated programs, whose executions differ in size.
 */
export function bench(
  spec: TargetSpec,
  o: BenchOptions,
  program?: (cpus: number) => string,
): BenchResult {
  const fixed = program === undefined ? undefined : packed(program(o.cpus), spec);
  const r = measureCampaign(spec, o, fixed);
  const { bare, perSwitch } = bareFor(r, o);
  const campaign = fixed === undefined ? r : measureCampaign(spec, o);
  const campaignBare = fixed === undefined ? bare : bareFor(campaign, o).bare;
  const perExec = r.seconds / r.execs;
  const points = r.points / r.execs;
  const switches = r.switches / r.execs;
  return {
    cpus: o.cpus,
    execs_per_sec: 1 / perExec,
    points_per_sec: points / perExec,
    ns_per_point: Math.max(0, (perExec - switches * perSwitch) / points) * 1e9,
    us_per_switch: perSwitch * 1e6,
    ratio: bare / perExec,
    bare_execs_per_sec: 1 / bare,
    points_per_exec: points,
    switches_per_exec: switches,
    campaign_execs_per_sec: campaign.execs / campaign.seconds,
    campaign_points_per_exec: campaign.points / campaign.execs,
    campaign_switches_per_exec: campaign.switches / campaign.execs,
    campaign_ratio: campaignBare / (campaign.seconds / campaign.execs),
  };
}

/** Executions per second of the benchmark program and of the campaign's own, and no comparison. */
export function speed(
  spec: TargetSpec,
  o: BenchOptions,
  program?: (cpus: number) => string,
): { execs_per_sec: number; campaign_execs_per_sec: number } {
  const own = measureCampaign(spec, o);
  const fixed = program === undefined
    ? own
    : measureCampaign(spec, o, packed(program(o.cpus), spec));
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
