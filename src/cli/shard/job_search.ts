/**
 * Searching in lockstep for what the free-running machine found.
 *
 * @module
 */
import type { Assembled } from "./assemble.ts";
import { FollowUp } from "./follow_up.ts";
import type { Candidate } from "./job_free.ts";
import type { FuzzJob, ShardEvent } from "../protocol/jobs.ts";
import * as arena from "../../machine/words/arena.ts";
import * as C from "../../machine/words/control.ts";
import { execute, outcome, RUN_ONCE } from "../../machine/execution.ts";
import { titleOf } from "../../machine/findings/oops.ts";
import { Rng } from "../../engine/programs/rng.ts";
import { STRATEGIES } from "../../engine/strategies/all.ts";
import { packProgram } from "../../prog/pack.ts";
import { parseProgram } from "../../prog/parse.ts";
import { specOf } from "../../prog/target.ts";
import type { Operation, Program, TargetSpec } from "../../prog/types.ts";
import { BOOT, LIMITS } from "../../prog/types.ts";

const { ctl, prog, sched } = arena;

/** Schedules tried per candidate. */
const TRIES = 20_000;
/** A program's operations are repeated up to so many times, a power of two. */
const REPEATED_MAX = 4;
/** Points that a program is taken to pass before its first execution tells, and at least. */
const POINTS_GUESS = 400;
const POINTS_MIN = 16;

/** The program with the operations of its CPUs repeated: free-running CPUs repeat theirs. */
function repeated(p: Program, times: number): Program {
  const boot = p.ops.filter((o) => o.cpu === BOOT);
  const once = p.ops.filter((o) => o.cpu !== BOOT);
  const ops: Operation[] = [...boot];
  for (let i = 0; i < times && ops.length + once.length <= LIMITS.ops; i++) {
    // A name is given once: what the repetitions return is dropped at the end like anything else.
    ops.push(...once.map((o) => i === 0 ? o : { ...o, result: undefined }));
  }
  return { ...p, ops };
}

function search(p: Program, title: string, spec: TargetSpec, rng: Rng): number {
  const interrupts = p.ops.filter((o) => o.context !== "task").length;
  let points = POINTS_GUESS;
  for (let i = 1; i <= TRIES && Atomics.load(ctl, C.STOP) === 0; i++) {
    packProgram(repeated(p, 1 + (i & (REPEATED_MAX - 1))), spec, prog);
    const strategy = STRATEGIES[i % STRATEGIES.length];
    strategy.schedule(sched, { cpus: p.cpus, points, interrupts }, rng);
    execute(C.MODE_NUMERIC, false, RUN_ONCE);
    points = Math.max(POINTS_MIN, ctl[C.SCHEDULED]);
    const o = outcome().oops;
    if (o !== null && titleOf(o) === title) return i;
  }
  return 0;
}

/** Search for every candidate; those found again are followed up like any finding. */
export function searchFor(
  job: FuzzJob,
  candidates: readonly Candidate[],
  machine: Assembled,
  say: (e: ShardEvent) => void,
): number {
  const spec = specOf(machine.target);
  const rng = new Rng(BigInt(job.seed), job.shard);
  const follow = new FollowUp(job, spec, say, () => Atomics.load(ctl, C.STOP) !== 0);
  let execs = 0;
  for (const c of candidates) {
    const { program } = parseProgram(c.text, c.title, [spec]);
    if (program === null) continue;
    const tries = search(program, c.title, spec, rng);
    execs += tries === 0 ? TRIES : tries;
    if (tries > 0) execs += follow.finding(c.title, execs);
  }
  say({
    event: "done",
    execs,
    execs_per_sec: 0,
    points: 0,
    switches: 0,
    features: 0,
    titles: follow.titles,
  });
  return follow.code;
}
