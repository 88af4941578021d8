/**
 * Recording: every point of an execution, in the order in which the accesses happen.
 *
 * A value is only known once the access is done. So each CPU completes its last record before anything
 * else happens: at its next point, at the end of a handler, when it waits, at the end of its turn,
 * and when a finding unwinds it.
 *
 * @module
 */
import { CONTEXT } from "../layout/contexts.ts";
import { FNV_OFFSET, FNV_PRIME, MURMUR } from "../layout/hash.ts";
import { LAST_TRACED, LEFT, OP } from "../layout/operations.ts";
import { PCPU_WORDS } from "../layout/percpu.ts";
import { DETAILED, HASH_HI, HASH_LO, STOPPED, TRACED, UNDONE } from "../layout/recording.ts";
import {
  afterWait,
  PRIM_NOTHING,
  primitiveOf,
  R_ADDR,
  R_CONTEXT,
  R_CPU,
  R_DEPTH,
  R_FRAMES,
  R_OP,
  R_PRIM,
  R_REASON,
  R_SITE,
  R_STACK,
  R_VALUE,
} from "../layout/records.ts";
import { ABOUT_ADDR, ABOUT_PRIM, BLOCK, CPU, regs, SITE, SP } from "../layout/registers.ts";
import { TRACE_POINTS, TRACE_WORDS } from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import { fnAt } from "../words/cpu_state.ts";
import { recordDetails } from "./details.ts";

const { ctl, mem, pcpu, trace } = views();

function mix(word: number): void {
  ctl[HASH_LO] = Math.imul(ctl[HASH_LO] ^ word, FNV_PRIME);
  ctl[HASH_HI] = Math.imul(ctl[HASH_HI] + word, MURMUR) ^ (ctl[HASH_HI] >>> 15);
}

/** An execution begins: nothing is recorded. */
export function resetTrace(): void {
  ctl[TRACED] = 0;
  ctl[STOPPED] = 0;
  ctl[UNDONE] = 0;
  ctl[HASH_LO] = FNV_OFFSET;
  ctl[HASH_HI] = 0;
}

/** Complete this CPU's previous record with the value its cell has now. */
export function finishTraced(): void {
  const i = pcpu[regs[BLOCK] + LAST_TRACED];
  if (i < 0) return;
  pcpu[regs[BLOCK] + LAST_TRACED] = -1;
  const r = i * TRACE_WORDS;
  const a = trace[r + R_ADDR];
  if (a !== 0) {
    trace[r + R_VALUE] = mem[a];
    mix(mem[a]);
  }
}

/** An access that had to wait is done now; its point was recorded before the wait. */
export function recordWaited(prim: number, a: number): void {
  const i = ctl[TRACED];
  if (i >= TRACE_POINTS) return;
  ctl[TRACED] = i + 1;
  fill(i, afterWait(prim), a);
  trace[i * TRACE_WORDS + R_VALUE] = mem[a];
}

/** Record the point this CPU is about to pass. */
export function recordPoint(prim: number, a: number): void {
  const i = ctl[TRACED];
  mix(regs[CPU]);
  mix(regs[SITE]);
  mix((prim << 20) ^ a);
  if (i >= TRACE_POINTS) return;
  ctl[TRACED] = i + 1;
  fill(i, prim, a);
  if (prim >= 0) pcpu[regs[BLOCK] + LAST_TRACED] = i;
}

/** This CPU gives up its turn: if it passed no point in it, leave a record that it had one. */
export function recordTurn(): void {
  const i = ctl[TRACED];
  if (i === 0 || trace[(i - 1) * TRACE_WORDS + R_CPU] !== regs[CPU]) recordPoint(PRIM_NOTHING, 0);
}

/** Remember the point that this CPU will never pass, because another one found something. */
export function recordStop(prim: number, a: number): void {
  const i = ctl[TRACED] + ctl[STOPPED];
  if (i >= TRACE_POINTS) return;
  ctl[STOPPED]++;
  fill(i, prim, a);
}

function fill(i: number, prim: number, a: number): void {
  const sp = regs[SP];
  const site = regs[SITE];
  const r = i * TRACE_WORDS;
  const b = regs[BLOCK];
  trace[r + R_CPU] = regs[CPU];
  trace[r + R_CONTEXT] = pcpu[b + CONTEXT];
  trace[r + R_PRIM] = prim;
  trace[r + R_SITE] = site;
  const isPrimitive = primitiveOf(prim) >= 0;
  trace[r + R_ADDR] = isPrimitive ? a : regs[ABOUT_ADDR];
  trace[r + R_VALUE] = isPrimitive ? 0 : regs[ABOUT_PRIM];
  trace[r + R_OP] = pcpu[b + OP];
  // Others may have run in between without passing a point: what counts is why the CPU of the point
  // before left.
  const before = i > 0 ? trace[r - TRACE_WORDS + R_CPU] : regs[CPU];
  trace[r + R_REASON] = before === regs[CPU] ? 0 : pcpu[before * PCPU_WORDS + LEFT];
  const depth = Math.min(sp, R_FRAMES);
  trace[r + R_DEPTH] = depth;
  for (let d = 0; d < depth; d++) trace[r + R_STACK + d] = fnAt(sp - depth + 1 + d);
  if (ctl[DETAILED] !== 0) recordDetails(r, isPrimitive ? a : 0);
}

/** Hash of everything recorded, 16 hex digits. */
export function traceHash(): string {
  const hex = (n: number) => (n >>> 0).toString(16).padStart(8, "0");
  return hex(ctl[HASH_HI]) + hex(ctl[HASH_LO]);
}
