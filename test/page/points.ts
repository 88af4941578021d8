/** Points of a page, written by hand. */
import type { PageData, PagePoint } from "../../src/page/data.ts";
import { touch } from "../report/inputs.ts";

const NOTHING = {
  irqOff: false,
  bhOff: false,
  preemptOff: false,
  inRcu: false,
  locks: [],
  memory: "live",
  excerpt: -1,
  line: 0,
};

/** A point that accesses a cell, with defaults for the rest. */
export function at(
  cpu: number,
  op: number,
  fn: string,
  what: string,
  cell: string,
  value: string,
  more: Partial<PagePoint> = {},
): PagePoint {
  return { ...touch(cpu, op, fn, what, cell, value), ...NOTHING, ...more };
}

/** The data of a page with these points. */
export function dataOf(points: readonly PagePoint[], more: Partial<PageData> = {}): PageData {
  return {
    title: null,
    oracle: "",
    detail: [],
    kernel: "posted",
    preempt: "full",
    cpus: 2,
    file: "a.txt",
    command: "deno task replay a.txt",
    text: "",
    ops: ["boot  a = mkdir(root)", "cpu0  charge(a)", "cpu1  rmdir(a)"],
    run: [0, points.length],
    story: [],
    arrows: [],
    keys: [],
    points,
    excerpts: [],
    ...more,
  };
}
