/**
 * A few words of memory that the main thread of a shard and the Worker of CPU 0 share. CPU 0 reads
 * no messages while it works, and posting a message per execution would take longer than the
 * execution.
 *
 * @module
 */

/** The progress of a campaign. */
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
const WRITING = 2;
/** Words of `#counts`. */
const EXECS = 0;
const POINTS = 1;
const SWITCHES = 2;
const FEATURES = 3;
const QUEUE = 4;
const TITLES = 5;

const PARTS = 6;
/** Parts that a strategy may have. */
const PARTS_MAX = 16;

const FLAG_BYTES = 16;
const BYTES = FLAG_BYTES + 8 * (PARTS + PARTS_MAX);

export class Board {
  /** The memory. The other side makes a Board from it. */
  readonly shared: SharedArrayBuffer;
  readonly #flags: Int32Array;
  readonly #counts: Float64Array;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    this.shared = shared;
    this.#flags = new Int32Array(shared, 0, FLAG_BYTES / 4);
    this.#counts = new Float64Array(shared, FLAG_BYTES);
  }

  /** Ask CPU 0 to save its findings and to finish. Called by the main thread. */
  askToStop(): void {
    Atomics.store(this.#flags, STOP_ASKED, 1);
  }

  /** Whether CPU 0 was asked to stop. */
  isStopAsked(): boolean {
    return Atomics.load(this.#flags, STOP_ASKED) !== 0;
  }

  /** Set whether a finding is being minimised. Called by CPU 0. */
  setMinimizing(is: boolean): void {
    Atomics.store(this.#flags, MINIMIZING, is ? 1 : 0);
  }

  get isMinimizing(): boolean {
    return Atomics.load(this.#flags, MINIMIZING) !== 0;
  }

  /** Run `f`, which makes or writes a file. Called by CPU 0. */
  writing<T>(f: () => T): T {
    const was = Atomics.exchange(this.#flags, WRITING, 1);
    try {
      return f();
    } finally {
      Atomics.store(this.#flags, WRITING, was);
    }
  }

  get isWriting(): boolean {
    return Atomics.load(this.#flags, WRITING) !== 0;
  }

  /** Publish the progress. Called by CPU 0 after every execution, so it allocates nothing. */
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

  /** Publish what the parts of the strategy did. Called like {@linkcode publish}. */
  publishParts(parts: Float64Array): void {
    const n = Math.min(parts.length, PARTS_MAX);
    for (let i = 0; i < n; i++) this.#counts[PARTS + i] = parts[i];
  }

  /** Schedules that each part of the strategy wrote, by number. */
  get parts(): number[] {
    return [...this.#counts.subarray(PARTS)];
  }

  /**
   * The latest progress. Its counts may come from different executions; they are only shown to
   * people.
   */
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
