/**
 * The loop of every CPU but CPU 0.
 *
 * @module
 */
import { BARE_TURNS } from "./layout/bare.ts";
import { views } from "./words/arena.ts";
import { Poisoned, waitTurn } from "./words/wake.ts";
import { serveMode } from "./hooks/mode.ts";
import { bareServe } from "./lockstep/bare.ts";

const { ctl } = views();

/** Wait to be woken and do this CPU's part, again and again. Returns when the machine shuts down. */
export function cpuMain(): void {
  try {
    for (;;) {
      waitTurn();
      if (ctl[BARE_TURNS] !== 0) bareServe();
      else serveMode();
    }
  } catch (e) {
    if (!(e instanceof Poisoned)) throw e;
  }
}
