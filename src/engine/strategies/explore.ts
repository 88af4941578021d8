/**
 * Explore: walks that go on from states of memory to which walks of the program seldom came.
 *
 * A walk is POS (src/machine/lockstep/walk.ts). What it does to memory is told state by state
 * (visited_states.ts). Most walks run first under the schedule that led to one of these states, and
 * walk from there: first return, then explore (Ecoffet et al., Nature 2021). A bug that needs several
 * unlikely steps, one after the other, is found one step after the other, if the steps leave a trace in
 * memory: SafeStack takes a tenth of the executions of POS.
 *
 * It knows nothing of meetings, so it needs no execution before the first.
 *
 * @module
 */
import { beginEvents, finishEvents } from "./events.ts";
import type { Situation, Strategy } from "./strategy.ts";
import { VisitedStates } from "./visited_states.ts";
import type { Rng } from "../programs/rng.ts";
import { S_WALK, S_WALK_ASKS, S_WALK_SEED, S_WALK_STATE } from "../../prog/layout.ts";

/** So many walks of a program begin with the first point; of the others, one in this many does. */
const PLAIN = 128;
const ANEW = 4;
/** Points of a walk for each thing that it asks for, per handler of the program. */
const ASKS_PER_HANDLER = 2;
/** Of walks without handlers, one in this many lets softirqs and kworkers in. */
const WITH_DEFERRED = 4;

/** One in how many points of a walk something is asked for; 0: nothing is. */
function asks(s: Situation, rng: Rng): number {
  if (s.interrupts > 0) return Math.ceil(s.points / (ASKS_PER_HANDLER * s.interrupts));
  return rng.oneIn(WITH_DEFERRED) ? s.points : 0;
}

class Explore implements Strategy {
  readonly name = "explore";
  readonly doc = "POS from states of memory that were seldom reached";
  readonly #states = new VisitedStates();
  #program = 0;
  /** Number of walks of the program. */
  #walks = 0;

  begin(): Strategy {
    return new Explore();
  }

  schedule(out: Int32Array, s: Situation, rng: Rng): void {
    this.note(out, s);
    const returns = this.#walks++ >= PLAIN && this.#states.count > 0 && !rng.oneIn(ANEW);
    if (returns) this.#states.goOn(out, rng);
    else {
      beginEvents(out, s.cpus, rng);
      finishEvents(out);
      out[S_WALK] = 1;
      out[S_WALK_STATE] = 0;
    }
    out[S_WALK_SEED] = rng.next();
    out[S_WALK_ASKS] = asks(s, rng);
  }

  /** Note what the last execution came to, if it ran under the schedule that is in the output. */
  note(out: Int32Array, s: Situation): void {
    const { past } = s;
    if (past === undefined) return;
    const isOther = past.program === undefined ? past.count === 0 : past.program !== this.#program;
    if (isOther) {
      this.#states.clear();
      this.#walks = 0;
    }
    this.#program = past.program ?? 0;
    if (past.count > 0 && past.visits !== undefined) this.#states.note(past.visits, out);
  }
}

export const explore: Strategy = new Explore();
