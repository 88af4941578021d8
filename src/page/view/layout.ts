/**
 * Where the timeline draws what.
 *
 * @module
 */
import type { PageData } from "../data.ts";
import {
  type Band,
  bandsOf,
  type GracePeriod,
  gracePeriodsOf,
  type Level,
  LEVELS,
  type Switch,
  switchesOf,
  type Thread,
  threadsOf,
} from "../lanes.ts";

/** Heights. */
export const ROW = 20;
export const STRIP = 7;
const TITLE = 18;
const GAP = 10;
/** Above the lanes: grace periods. */
const TOP = 18;

/** A band, and the number of its strip in the lane. */
export interface PlacedBand extends Band {
  readonly strip: number;
}

/** The lane of a CPU. */
export interface Lane {
  readonly cpu: number;
  readonly y: number;
  readonly height: number;
  /** Rows of contexts, the lowest one first. */
  readonly levels: readonly Level[];
  readonly threads: readonly Thread[];
  readonly bands: readonly PlacedBand[];
}

/** Everything that the timeline draws, with heights. */
export interface Drawing {
  readonly lanes: readonly Lane[];
  readonly grace: readonly GracePeriod[];
  readonly switches: readonly Switch[];
  readonly height: number;
}

/** Put bands that overlap into strips of their own. */
function placed(bands: readonly Band[]): PlacedBand[] {
  const ends: number[] = [];
  return [...bands].sort((a, b) => a.from - b.from).map((band) => {
    const free = ends.findIndex((end) => end < band.from);
    const strip = free < 0 ? ends.length : free;
    ends[strip] = band.to;
    return { ...band, strip };
  });
}

/** The drawing of an execution. */
export function drawingOf(data: PageData): Drawing {
  const threads = threadsOf(data);
  const bands = bandsOf(data.points);
  const lanes: Lane[] = [];
  let y = TOP + GAP;
  for (let cpu = 0; cpu < data.cpus; cpu++) {
    const own = threads.filter((t) => t.cpu === cpu);
    const levels = LEVELS.filter((level) => level === "task" || own.some((t) => t.level === level));
    const strips = placed(bands.filter((b) => b.cpu === cpu));
    const count = strips.reduce((n, { strip }) => Math.max(n, strip + 1), 0);
    const height = TITLE + levels.length * ROW + count * (STRIP + 2);
    lanes.push({ cpu, y, height, levels, threads: own, bands: strips });
    y += height + GAP;
  }
  return {
    lanes,
    grace: gracePeriodsOf(data.points),
    switches: switchesOf(data.points),
    height: y,
  };
}

/** The upper edge of a row in a lane: task lies lowest. */
export function rowY({ levels, y }: Lane, level: Level): number {
  return y + TITLE + (levels.length - 1 - levels.indexOf(level)) * ROW;
}

/** The upper edge of a strip in a lane. */
export function stripY({ levels, y }: Lane, strip: number): number {
  return y + TITLE + levels.length * ROW + 2 + strip * (STRIP + 2);
}
