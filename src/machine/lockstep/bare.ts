/**
 * The bare hand-off loop that the machine is measured against: as many CPUs, points and switches,
 * and nothing else. A point is a call that counts down; a turn ends in the same hand-over.
 *
 * @module
 */
import * as bareWords from "../layout/bare.ts";
import * as cpuWords from "../layout/cpus.ts";
import * as pointWords from "../layout/points.ts";
import * as registers from "../layout/registers.ts";
import * as turnWords from "../layout/turns.ts";
import { views } from "../words/arena.ts";
import { waitTurn } from "../words/wake.ts";
import { give } from "./baton.ts";

const { ctl } = views();
const { BARE_POINTS, BARE_TURNS } = bareWords;
const { NCPUS } = cpuWords;
const { COUNTDOWN } = pointWords;
const { regs, CPU } = registers;
const { BY_END, FINISHED } = turnWords;

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
