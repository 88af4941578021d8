/**
 * Makes programs for the archive: from an input that came to a state in any way, boot operations that
 * come to it, and none that is not needed.
 *
 * @module
 */
import type { Archive } from "./archive.ts";
import type { PackedSpec } from "../programs/packed_spec.ts";
import type { Rng } from "../programs/rng.ts";
import { leaveOut, settleOn } from "../programs/settle.ts";
import { copyProgram, P_NOPS, programEnd } from "../../prog/layout.ts";

/** Number of inputs that are tried for a state: some need a race to come to it. */
const TRIES = 3;
/** Stands for more tries than there are: the state is in the archive. */
const SETTLED = 255;

/** An input that came to a state. */
interface Arrival {
  readonly program: Int32Array;
  readonly state: number;
  /** The CPU that was in the state. */
  readonly cpu: number;
}

/** What the settler needs of the campaign. */
export interface Trials {
  /** The program to run next. */
  readonly program: Int32Array;
  /** Run the program, CPU after CPU, as an execution of the campaign; whether it comes to a state. */
  comesTo(state: number): boolean;
  /** Whether no execution is left. */
  isOver(): boolean;
}

export class Settler {
  readonly #waiting: Arrival[] = [];
  /** How many inputs were tried for each state. */
  readonly #tried: Uint8Array;

  /** @param states number of abstract states. */
  constructor(
    readonly archive: Archive,
    states: number,
    readonly spec: PackedSpec,
    readonly rng: Rng,
    readonly trials: Trials,
  ) {
    this.#tried = new Uint8Array(states);
  }

  /** An input came to a state; 0 is none. It is tried at the next {@linkcode settle}. */
  note(program: Int32Array, state: number, cpu: number): void {
    if (state === 0 || this.#tried[state] >= TRIES) return;
    this.#tried[state]++;
    this.#waiting.push({ program: program.slice(0, programEnd(program)), state, cpu });
  }

  /** Try the inputs that wait. */
  settle(): void {
    while (this.#waiting.length > 0 && !this.trials.isOver()) this.#try(this.#waiting.shift()!);
  }

  #try({ program, state, cpu }: Arrival): void {
    if (this.#tried[state] === SETTLED) return; // by an input before
    const w = this.trials.program;
    w.set(program);
    settleOn(w, cpu, this.spec, this.rng);
    if (!this.trials.comesTo(state)) return;
    this.archive.add(this.#shortest(w.slice(0, programEnd(w)), state), state);
    this.#tried[state] = SETTLED;
  }

  /** What is left of a program without the operations that the state does not need. */
  #shortest(kept: Int32Array, state: number): Int32Array {
    const { spec, rng, trials } = this;
    // From the last one: what an operation made is not needed once its users are gone.
    for (let i = kept[P_NOPS] - 1; i >= 0; i--) {
      if (trials.isOver()) break;
      if (i >= kept[P_NOPS]) continue; // more than one was left out
      trials.program.set(kept);
      leaveOut(trials.program, i, spec, rng);
      if (trials.comesTo(state)) copyProgram(trials.program, kept);
    }
    return kept;
  }
}
