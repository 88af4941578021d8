/**
 * Output: findings and JSON go to standard output, everything else to standard error.
 *
 * @module
 */

/** The two output streams of a process. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
  /** Whether standard error is a terminal. */
  readonly terminal: boolean;
  /** Columns of that terminal. */
  readonly columns: number;
  /** Whether the reader has closed a stream. */
  readonly isBroken: boolean;
}

const encoder = new TextEncoder();

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = encoder.encode(text);
  for (let done = 0; done < bytes.length;) done += stream.writeSync(bytes.subarray(done));
}

/** The streams of this process. */
export function processStreams(): Streams {
  let isBroken = false;
  const guarded = (stream: { writeSync(bytes: Uint8Array): number }) => (text: string) => {
    if (isBroken) return;
    try {
      write(stream, text);
    } catch (e) {
      if (!(e instanceof Deno.errors.BrokenPipe)) throw e;
      isBroken = true;
    }
  };
  const terminal = Deno.stderr.isTerminal();
  return {
    out: guarded(Deno.stdout),
    err: guarded(Deno.stderr),
    terminal,
    columns: terminal ? Deno.consoleSize().columns : 80,
    get isBroken() {
      return isBroken;
    },
  };
}

/** Milliseconds between two refreshes of the status line. */
const REFRESH_MS = 500;

/** Prints the output of a command. */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly #streams: Streams;
  readonly #now: () => number;
  #live = "";
  #refreshed = -Infinity;

  constructor(
    streams: Streams,
    mode: { json?: boolean; quiet?: boolean },
    now: () => number = () => performance.now(),
  ) {
    this.#streams = streams;
    this.json = mode.json ?? false;
    this.quiet = mode.quiet ?? false;
    this.#now = now;
  }

  /** Print one event, for programs. */
  event(event: { readonly event: string }): void {
    if (this.json) this.#streams.out(JSON.stringify(event) + "\n");
  }

  /** Print a finding or a result, for people. */
  line(text: string): void {
    if (this.json) return;
    this.#clear();
    this.#streams.out(text + "\n");
  }

  /** Print progress or a hint. */
  note(text: string): void {
    if (this.quiet) return;
    this.#clear();
    this.#streams.err(text + "\n");
  }

  /** Print an error. */
  error(text: string): void {
    this.#clear();
    this.#streams.err(text + "\n");
  }

  /** Print what a shard or a patch printed. */
  pass(text: string): void {
    this.#clear();
    this.#streams.err(text);
  }

  /** Show the status line at the bottom of a terminal; do nothing elsewhere. */
  live(text: string): void {
    if (this.quiet || !this.#streams.terminal) return;
    const now = this.#now();
    if (now - this.#refreshed < REFRESH_MS) return;
    this.#refreshed = now;
    this.#live = text.slice(0, this.#streams.columns - 1);
    this.#streams.err(`\r\x1b[K${this.#live}`);
  }

  /** Whether the status line is in use. If so, a pulse needs no line of its own. */
  get isLive(): boolean {
    return this.#streams.terminal && !this.quiet;
  }

  /** Whether the reader has closed a stream. */
  get isBroken(): boolean {
    return this.#streams.isBroken;
  }

  #clear(): void {
    if (this.#live === "") return;
    this.#live = "";
    // Show the next status line at once.
    this.#refreshed = -Infinity;
    this.#streams.err("\r\x1b[K");
  }
}
