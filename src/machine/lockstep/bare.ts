/**
 * The bare hand-off loop that the machine is measured against: as many CPUs, points and switches,
 * and nothing else. A point is a call that counts down; a turn ends in the same hand-over.
 *
 * @module
 */
import * as arena from "../words/arena.ts";
import { waitTurn } from "../words/wake.ts";
import { give } from "./baton.ts";
import * as C from "../words/control.ts";
import * as registers from "../words/registers.ts";

const { ctl } = arena;
const { regs, CPU } = registers;
const { BARE_POINTS, BARE_TURNS, BY_END, COUNTDOWN, FINISHED, NCPUS } = C;

let ended = 0;

function barePoint(): void {
  const left = ctl[COUNTDOWN] - 1;
  ctl[COUNTDOWN] = left;
  if (left <= 0) ended++;
}

/** One CPU's turn; hands over to the next CPU, or back to CPU 0 when the turns are used up. */
export function bareServe(): void {
  const n = ctl[BARE_POINTS];
  ctl[COUNTDOWN] = n;
  for (let i = 0; i < n; i++) barePoint();
  const turns = ctl[BARE_TURNS] - 1;
  ctl[BARE_TURNS] = turns;
  if (turns === 0) {
    ctl[FINISHED] = 1;
    if (regs[CPU] !== 0) give(0, BY_END);
  } else {
    give((regs[CPU] + 1) % ctl[NCPUS], BY_END);
  }
}

/** One execution of `turns` turns of `points` points each, begun and ended by CPU 0. */
export function bareExecute(cpus: number, turns: number, points: number): void {
  ctl[NCPUS] = cpus;
  ctl[FINISHED] = 0;
  ctl[BARE_POINTS] = points;
  ctl[BARE_TURNS] = turns;
  for (;;) {
    bareServe();
    if (ctl[FINISHED] !== 0) break;
    waitTurn();
    if (ctl[FINISHED] !== 0) break;
  }
}
