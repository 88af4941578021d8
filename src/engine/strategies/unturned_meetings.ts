/**
 * The meetings of a program's executions that nobody has turned round yet.
 *
 * Most meetings of an execution are those of the one that it grew from. The others are what is worth
 * looking at: they exist only behind the change that led there, and a change that does not use them
 * goes back to where the search was. So each pair of an access and the write that it met is turned
 * round once, in the first execution that had it. Stateless model checkers do so with every race
 * (Flanagan and Godefroid, POPL 2005), a fuzzer with pairs that are new (RFF, ASPLOS 2024).
 *
 * @module
 */
import { HashSet } from "./hash_set.ts";
import type { KeptExecution } from "./kept_execution.ts";
import { mix, passedSince } from "./turns.ts";
import type { Rng } from "../programs/rng.ts";

/** Size of the table of pairs. When it is full, no more are noted. */
const PLACES = 2048;
/** Maximum of meetings that wait; what has waited longest goes. */
const WAITING_MAX = 128;
/** Number of meetings drawn; the one that was changed least in the campaign is taken. */
const DRAWS = 3;

/** A meeting of an execution that is kept. */
export interface Unturned {
  /** {@linkcode KeptExecution.hash} */
  execution: number;
  /** Position of the later access. */
  position: number;
}

/** A pair as a number: the path to the later access, and the earlier one as a point of its actor. */
function hashOf(e: KeptExecution, m: number): number {
  const writer = e.writer(m);
  const hash = mix(mix(mix(1, e.key(m)), e.reader(m)), writer);
  return mix(hash, passedSince(writer, 0, e.written(m), e));
}

export class UnturnedMeetings {
  readonly #pairs = new HashSet(PLACES);
  readonly #executions = new Int32Array(WAITING_MAX);
  readonly #positions = new Int32Array(WAITING_MAX);
  readonly #keys = new Int32Array(WAITING_MAX);
  /** Number of meetings that wait. */
  #count = 0;

  /** Another program comes. */
  clear(): void {
    this.#pairs.clear();
    this.#count = 0;
  }

  /** Note the meetings of an execution. */
  note(e: KeptExecution): void {
    for (let m = 0; m < e.count && !this.#pairs.isFull; m++) {
      if (e.written(m) === 0 || !this.#pairs.add(hashOf(e, m))) continue;
      if (this.#count === WAITING_MAX) this.#remove(0);
      this.#executions[this.#count] = e.hash;
      this.#positions[this.#count] = e.position(m);
      this.#keys[this.#count++] = e.key(m);
    }
  }

  /**
   * Write one that waits to `out`, and it waits no longer; false if there is none. `changed` says how often
   * meetings of each key were changed in this campaign.
   */
  take(out: Unturned, changed: Uint32Array, rng: Rng): boolean {
    if (this.#count === 0) return false;
    let best = rng.below(this.#count);
    for (let n = 1; n < DRAWS; n++) {
      const i = rng.below(this.#count);
      if (changed[this.#keys[i]] < changed[this.#keys[best]]) best = i;
    }
    changed[this.#keys[best]]++;
    out.execution = this.#executions[best];
    out.position = this.#positions[best];
    this.#remove(best);
    return true;
  }

  #remove(i: number): void {
    this.#executions.copyWithin(i, i + 1, this.#count);
    this.#positions.copyWithin(i, i + 1, this.#count);
    this.#keys.copyWithin(i, i + 1, this.#count);
    this.#count--;
  }
}
