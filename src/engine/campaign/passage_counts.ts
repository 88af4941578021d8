/**
 * Counts the executions that came through lines that are watched.
 *
 * @module
 */
import { PASSAGE_BITS, type Passages } from "../../machine/executor.ts";

export class PassageCounts {
  /** For each line and each bit, the executions that showed it. */
  readonly #counts: Uint32Array;
  /** Whether the last execution came through a line. */
  isThrough = false;
  /** Whether it came through one in a way that none had before. */
  isNew = false;

  constructor(readonly passages: Passages) {
    this.#counts = new Uint32Array(passages.lines * PASSAGE_BITS);
  }

  /** Look at the last execution. In the loop. */
  note(): void {
    this.isThrough = false;
    this.isNew = false;
    const { passages } = this;
    for (let line = 0; line < passages.lines; line++) {
      const what = passages.at(line);
      if (what === 0) continue;
      this.isThrough = true;
      for (let bit = 0; bit < PASSAGE_BITS; bit++) {
        if (((what >>> bit) & 1) === 0) continue;
        if (this.#counts[line * PASSAGE_BITS + bit]++ === 0) this.isNew = true;
      }
    }
  }

  /** For each line, the executions that showed each bit. */
  all(): number[][] {
    return Array.from(
      { length: this.passages.lines },
      (_, line) => [...this.#counts.subarray(line * PASSAGE_BITS, (line + 1) * PASSAGE_BITS)],
    );
  }
}
