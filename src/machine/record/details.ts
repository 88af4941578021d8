/**
 * What a page shows of a point besides its access: its line in the source, and what its CPU held.
 *
 * A line costs the making of a stack trace. So it is recorded only for a page.
 *
 * @module
 */
import { BH_OFF, IRQ_OFF, PREEMPT_OFF } from "../layout/contexts.ts";
import { HELD, HELD_ADDR } from "../layout/held.ts";
import { RCU_BH_NESTING, RCU_NESTING, RCU_SCHED_NESTING } from "../layout/readers.ts";
import {
  IN_RCU,
  OFF_BH,
  OFF_IRQ,
  OFF_PREEMPT,
  R_FILE,
  R_HELD,
  R_LINE,
  R_LOCKS,
  R_MEMORY,
  R_OFF,
} from "../layout/records.ts";
import { BLOCK, regs } from "../layout/registers.ts";
import { stateAt } from "../memory/shadow.ts";
import { fileHash } from "../../prog/hash.ts";
import { views } from "../words/arena.ts";

const { pcpu, trace } = views();

/**
 * Frames to look at: the machine's own, and the helpers between a point and its function. Few are
 * enough for almost all points, and each costs.
 */
const FRAMES = 14;
const FRAMES_MAX = 40;
/** A frame of a wrapper, which registry.ts compiles. */
const WRAPPER = /^eval at (compile|tap) /;

/** What V8 tells of a frame. */
interface Frame {
  isEval(): boolean;
  getFileName(): string | undefined;
  getLineNumber(): number | null;
  getEvalOrigin(): string | undefined;
}

/** The frames of this thread. Writing them down as a text would take ten times as long. */
function frames(limit: number): readonly Frame[] {
  const errors = Error as { prepareStackTrace?: unknown; stackTraceLimit?: number };
  const { prepareStackTrace, stackTraceLimit } = errors;
  errors.prepareStackTrace = (_: unknown, all: readonly Frame[]) => all;
  errors.stackTraceLimit = limit;
  const all = new Error().stack as unknown as readonly Frame[];
  errors.prepareStackTrace = prepareStackTrace;
  errors.stackTraceLimit = stackTraceLimit;
  return all;
}

/** A frame names a local file by its path alone. */
const urlOf = (file: string) => file.startsWith("/") ? new URL(`file://${file}`).href : file;

/**
 * File and line of the point that this CPU is about to pass: in the body of the innermost registered
 * function, or where no function runs, in whoever made the point.
 */
function place(limit = FRAMES): { readonly file: string; readonly line: number } | null {
  const all = frames(limit);
  // An origin is a text, and takes long to make.
  const wrapper = all.findIndex((f) => f.isEval() && WRAPPER.test(f.getEvalOrigin() ?? ""));
  if (wrapper < 0 && all.length === FRAMES) return place(FRAMES_MAX);
  if (wrapper < 1) return null;
  const file = all[wrapper - 1].getFileName();
  const line = all[wrapper - 1].getLineNumber();
  return file && line ? { file: urlOf(file), line } : null;
}

/** Complete the record at word `r`, of a point at address `a`. */
export function recordDetails(r: number, a: number): void {
  const b = regs[BLOCK];
  const at = place();
  trace[r + R_LINE] = at === null ? 0 : at.line;
  trace[r + R_FILE] = at === null ? 0 : fileHash(at.file);
  trace[r + R_MEMORY] = a === 0 ? 0 : stateAt(a);
  const readers = pcpu[b + RCU_NESTING] + pcpu[b + RCU_SCHED_NESTING] + pcpu[b + RCU_BH_NESTING];
  trace[r + R_OFF] = (pcpu[b + IRQ_OFF] !== 0 ? OFF_IRQ : 0) |
    (pcpu[b + BH_OFF] !== 0 ? OFF_BH : 0) |
    (pcpu[b + PREEMPT_OFF] !== 0 ? OFF_PREEMPT : 0) | (readers !== 0 ? IN_RCU : 0);
  for (let i = 0; i < R_LOCKS; i++) {
    trace[r + R_HELD + i] = i < pcpu[b + HELD] ? pcpu[b + HELD_ADDR + i] : 0;
  }
}
