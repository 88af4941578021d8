/**
 * The data of a finding's page: what the program in the page gets.
 *
 * @module
 */
import type { PointDetail, TracePoint } from "../report/types.ts";

/** A part of a source file. */
export interface Excerpt {
  /** The file, from the root of the project. */
  readonly file: string;
  /** Number of its first line in the file, from 1. */
  readonly from: number;
  readonly lines: readonly string[];
}

/** A point, with everything that the page shows of it. */
export interface PagePoint
  extends TracePoint, Pick<PointDetail, "irqOff" | "bhOff" | "preemptOff" | "inRcu"> {
  readonly locks: readonly string[];
  /** The state of the memory before the access: `live`, `unwritten`, `freed`; "" if unknown. */
  readonly memory: string;
  /** Which of the page's excerpts has its source line, or -1. */
  readonly excerpt: number;
  readonly line: number;
}

/** An arrow of the timeline, from a write to what came upon it. */
export interface Arrow {
  /** Places in the trace; `to` is the number of points if a law found it. */
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** A point without which the finding cannot be understood. */
export interface KeyPoint {
  readonly index: number;
  readonly why: string;
}

/** Everything that a page shows. */
export interface PageData {
  /** Null if there is no finding. */
  readonly title: string | null;
  readonly oracle: string;
  readonly detail: readonly string[];
  readonly kernel: string;
  readonly preempt: string;
  readonly cpus: number;
  readonly file: string;
  /** The command that shows it again. */
  readonly command: string;
  /** The report or the interleaving, for a mail. */
  readonly text: string;
  readonly ops: readonly string[];
  /** The points that the schedule decided about: from the first one to before the second one. */
  readonly run: readonly [number, number];
  /** What happened, in sentences. */
  readonly story: readonly string[];
  readonly arrows: readonly Arrow[];
  readonly keys: readonly KeyPoint[];
  readonly points: readonly PagePoint[];
  readonly excerpts: readonly Excerpt[];
}
