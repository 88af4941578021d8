/**
 * Where lines go: findings and JSON to standard output, everything else to standard error.
 *
 * @module
 */

/** The two streams of a process, and what is known about them. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
  /** Whether standard error is a terminal. */
  readonly terminal: boolean;
  /** Columns of it. */
  readonly columns: number;
  /** Whether nobody reads them any more. */
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

/** What a command prints through. */
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

  /** One event for programs that read us. */
  event(event: { readonly event: string }): void {
    if (this.json) this.#streams.out(JSON.stringify(event) + "\n");
  }

  /** A finding or a result, for people. */
  line(text: string): void {
    if (this.json) return;
    this.#clear();
    this.#streams.out(text + "\n");
  }

  /** Something on the way that people may like to see. */
  note(text: string): void {
    if (this.quiet) return;
    this.#clear();
    this.#streams.err(text + "\n");
  }

  /** Something that is wrong. */
  error(text: string): void {
    this.#clear();
    this.#streams.err(text + "\n");
  }

  /** What others print on standard error. */
  pass(text: string): void {
    this.#clear();
    this.#streams.err(text);
  }

  /** The line at the bottom of a terminal; elsewhere nothing. */
  live(text: string): void {
    if (this.quiet || !this.#streams.terminal) return;
    const now = this.#now();
    if (now - this.#refreshed < REFRESH_MS) return;
    this.#refreshed = now;
    this.#live = text.slice(0, this.#streams.columns - 1);
    this.#streams.err(`\r\x1b[K${this.#live}`);
  }

  /** True if the status line is in use, so that pulses need no lines of their own. */
  get isLive(): boolean {
    return this.#streams.terminal && !this.quiet;
  }

  /** Whether nobody reads what is printed. */
  get isBroken(): boolean {
    return this.#streams.isBroken;
  }

  #clear(): void {
    if (this.#live === "") return;
    this.#live = "";
    // The next status line is due at once, so that it does not stay away.
    this.#refreshed = -Infinity;
    this.#streams.err("\r\x1b[K");
  }
}
