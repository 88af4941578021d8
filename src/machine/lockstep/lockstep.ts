/**
 * Lockstep: one CPU at a time runs, under a schedule. Same input, same trace, always.
 *
 * A CPU with nothing to do has nothing on its JavaScript stack: it waits for the baton in the loop of
 * its Worker, so the end of an execution wakes nobody.
 *
 * @module
 */
import * as registers from "../layout/registers.ts";
import * as turnWords from "../layout/turns.ts";
import { views } from "../words/arena.ts";
import { waitTurn } from "../words/wake.ts";
import type { Mode } from "../hooks/mode.ts";
import { noteTurn } from "../memory/note_meetings.ts";
import { block, give } from "./baton.ts";
import { pickNext } from "./pick.ts";
import { beginSchedule, decide, resetSchedule as reset } from "./schedule.ts";
import { endOfTurn, successor, takeTurn } from "./serve.ts";

const { ctl } = views();
const { regs, CPU } = registers;
const { FINISHED } = turnWords;

/** CPU 0: turns in the order of the schedule, until no CPU has anything left to do. */
function run(): void {
  beginSchedule();
  let next = pickNext();
  noteTurn(0);
  while (next >= 0) {
    if (next !== 0) {
      give(next, endOfTurn());
      waitTurn();
      if (ctl[FINISHED] !== 0) break;
    }
    takeTurn();
    next = successor();
  }
  ctl[FINISHED] = 1;
}

/** Another CPU has the baton: it takes its turns and passes the baton on, at the end to CPU 0. */
function serve(): void {
  const me = regs[CPU];
  let next = me;
  while (next === me) {
    takeTurn();
    next = successor();
  }
  if (next < 0) {
    ctl[FINISHED] = 1;
    next = 0;
  }
  give(next, endOfTurn());
}

/** The mode. */
export const lockstep: Mode = { decide, block, reset, run, serve };
