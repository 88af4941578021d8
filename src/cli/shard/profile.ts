/**
 * The profile of a campaign: what CPU 0 does, asked every millisecond by the main thread of the shard.
 *
 * The loop pays nothing for it but the store of a word at each end of an execution. With one core for
 * all threads of a shard, a sample is taken while CPU 0 is preempted, at whatever point.
 *
 * @module
 */
import type { Board } from "../protocol/board.ts";
import { PHASES, type ProfileEvent } from "../protocol/jobs.ts";
import type { Monitor } from "../../machine/executor.ts";

const SAMPLE_MS = 1;

/** The phase that a sample falls into. */
export function phaseOf(board: Board, monitor: Monitor): ProfilePhase {
  if (board.isWriting) return "writing";
  if (board.isMinimizing) return "minimizing";
  const phase = monitor.phase();
  return phase === "none" ? "choosing" : phase;
}

/** A name of {@linkcode PHASES}. */
type ProfilePhase = typeof PHASES[number];

/** Take samples from now on; the result gives the event with all of them. */
export function sample(board: Board, monitor: () => Monitor): () => ProfileEvent {
  const samples = Object.fromEntries(PHASES.map((p) => [p, 0])) as ProfileEvent["samples"];
  setInterval(() => samples[phaseOf(board, monitor())]++, SAMPLE_MS);
  return () => ({ event: "profile", samples });
}
