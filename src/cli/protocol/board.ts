/**
 * What the main thread of a shard and CPU 0's Worker see of each other while CPU 0 is at work: a few
 * words of shared memory. CPU 0 reads no messages then, and posting one per execution would take
 * longer than the execution.
 *
 * @module
 */

/** How far a campaign is. */
export interface Progress {
  readonly execs: number;
  readonly points: number;
  readonly switches: number;
  readonly features: number;
  /** Inputs in the queue. */
  readonly queue: number;
  /** Titles found. */
  readonly titles: number;
}

/** Words of `#flags`. */
const STOP_ASKED = 0;
const MINIMIZING = 1;
/** Words of `#counts`. */
const EXECS = 0;
const POINTS = 1;
const SWITCHES = 2;
const FEATURES = 3;
const QUEUE = 4;
const TITLES = 5;

const FLAG_BYTES = 8;
const BYTES = FLAG_BYTES + 8 * (TITLES + 1);

export class Board {
  /** To be sent to the other side, which makes its own Board of it. */
  readonly shared: SharedArrayBuffer;
  readonly #flags: Int32Array;
  readonly #counts: Float64Array;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    this.shared = shared;
    this.#flags = new Int32Array(shared, 0, FLAG_BYTES / 4);
    this.#counts = new Float64Array(shared, FLAG_BYTES);
  }

  /** Ask CPU 0 to save what it has and to finish; main thread. */
  askToStop(): void {
    Atomics.store(this.#flags, STOP_ASKED, 1);
  }

  /** Whether CPU 0 was asked to stop. */
  isStopAsked(): boolean {
    return Atomics.load(this.#flags, STOP_ASKED) !== 0;
  }

  /** Say whether a finding is being minimised; CPU 0. */
  setMinimizing(is: boolean): void {
    Atomics.store(this.#flags, MINIMIZING, is ? 1 : 0);
  }

  get isMinimizing(): boolean {
    return Atomics.load(this.#flags, MINIMIZING) !== 0;
  }

  /** Say how far the campaign is; CPU 0, after every execution, so it allocates nothing. */
  publish(
    execs: number,
    points: number,
    switches: number,
    features: number,
    queue: number,
    titles: number,
  ): void {
    const counts = this.#counts;
    counts[EXECS] = execs;
    counts[POINTS] = points;
    counts[SWITCHES] = switches;
    counts[FEATURES] = features;
    counts[QUEUE] = queue;
    counts[TITLES] = titles;
  }

  /** What was published last. A count may be of another execution than the next one: they are told to people. */
  get progress(): Progress {
    const counts = this.#counts;
    return {
      execs: counts[EXECS],
      points: counts[POINTS],
      switches: counts[SWITCHES],
      features: counts[FEATURES],
      queue: counts[QUEUE],
      titles: counts[TITLES],
    };
  }
}
