/**
 * ODEBUG: what DEBUG_OBJECTS sees of work items, timers and RCU heads.
 *
 * An object that is queued must not be initialised, which makes it forget that it is, nor freed. That an
 * RCU head is queued twice or freed is the rcu sanitizer's to say.
 *
 * @module
 */
import { views } from "../machine/words/arena.ts";
import { NCPUS } from "../machine/layout/cpus.ts";
import { functionName } from "../machine/calls/registry.ts";
import { queuedHead, queuedTimer } from "../machine/context/grace.ts";
import { forEachWork } from "../machine/context/work.ts";
import { oops, oopsKind } from "../machine/findings/oops.ts";
import { type Debugged, onObjectInit } from "../machine/hooks/odebug.ts";
import { offsetOf, peekAt, typeNamed } from "../machine/memory/peek.ts";
import { onAllocation } from "../machine/memory/slab.ts";
import { headAt, locate, objectName } from "../machine/memory/objects.ts";
import type { Struct } from "../machine/memory/struct_type.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { ctl } = views();

/** The first words of what the kernel prints, by the argument of a finding. */
const WORDS = [
  "init active (active state 0) object type: work_struct",
  "init active (active state 0) object type: timer_list",
  "init active (active state 1) object type: rcu_head",
  "free active (active state 0) object type: work_struct",
  "free active (active state 0) object type: timer_list",
];
const INIT: Readonly<Record<Debugged, number>> = { work_struct: 0, timer_list: 1, rcu_head: 2 };
const FREE_WORK = 3;
const FREE_TIMER = 4;

const ODEBUG = oopsKind("odebug", "ODEBUG", (o) => `ODEBUG: ${WORDS[o.arg]} in ${o.fn}`);

/** Address of the first queued work item from `first` to below `end`, or 0. */
const range = { first: 0, end: 0, found: 0 };
const look = (a: number) => {
  if (range.found === 0 && a >= range.first && a < range.end) range.found = a;
};
function queuedWork(first: number, end: number): number {
  range.first = first;
  range.end = end;
  range.found = 0;
  for (let c = 0; c < ctl[NCPUS]; c++) forEachWork(c, look);
  return range.found;
}

function nameOf(a: number): string {
  const at = locate(a);
  if (at === null) return "?";
  const field = at.field.replace(/\.?\w+$/, "");
  return headAt(a) === null || field === ""
    ? objectName(at.object)
    : `${objectName(at.object)}.${field}`;
}

function report(words: number, a: number, hint: string): never {
  oops(ODEBUG, words, a, `ODEBUG: ${WORDS[words]} hint: ${hint}\n${nameOf(a)} is queued`);
}

/** The function of the work item or timer at `a`. */
function hintOf(type: Debugged, a: number): string {
  const field = type === "work_struct" ? "func" : "function";
  return functionName(peekAt(a, offsetOf(typeNamed(type)!, field)));
}

function isQueued(type: Debugged, a: number): boolean {
  switch (type) {
    case "work_struct":
      return queuedWork(a, a + 1) !== 0;
    case "timer_list":
      return queuedTimer(a, a + 1) !== 0;
    case "rcu_head":
      return queuedHead(a, a + 1) !== 0;
  }
}

function initialised(type: Debugged, a: number): void {
  if (!isQueued(type, a)) return;
  report(INIT[type], a, type === "rcu_head" ? "0x0" : hintOf(type, a));
}

function freed(o: Struct): void {
  const end = o.a + 2 * o.type.cells;
  const work = queuedWork(o.a, end);
  if (work !== 0) report(FREE_WORK, work, hintOf("work_struct", work));
  const timer = queuedTimer(o.a, end);
  if (timer !== 0) report(FREE_TIMER, timer, hintOf("timer_list", timer));
}

export const odebug: Sanitizer = {
  name: "odebug",
  doc: "Work items, timers and RCU heads that are initialised or freed while they are queued.",
  free: true,
  attach() {
    onObjectInit(initialised);
    onAllocation({ allocated() {}, freed });
  },
};
