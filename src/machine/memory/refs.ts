/**
 * Reading a percpu_ref from outside, for sanitizers and targets.
 *
 * It is found by the names of its fields, since kernels keep the count in two places: in the ref, or,
 * since 2b0d3d3e4fcf (v5.10), in data that is allocated by itself and gone after percpu_ref_exit().
 *
 * @module
 */
import { config } from "../words/config.ts";
import { bitsOf, hasField, offsetOf, peekAt, shiftOf, typeNamed } from "./peek.ts";
import type { StructType } from "./struct_type.ts";

/** What a count is raised by in per-CPU mode. */
const BIAS = 1 << 31;

/** The type of the data that a percpu_ref points to; undefined if the ref has it itself. */
export function refData(): StructType | undefined {
  return hasField(typeNamed("percpu_ref")!, "data") ? typeNamed("percpu_ref_data") : undefined;
}

/** The percpu_ref at a field of a structure. */
export class RefReader {
  /** Cells from the start of the structure to the words of the ref. */
  readonly #pointer: number;
  /** To the count, or to the pointer to the data that has it. */
  readonly #count: number;
  /** Cells into the data; -1 if the ref has the count itself. */
  readonly #inData: number;
  /** Bits of the pointer, and how far the address of the counters is shifted. */
  readonly #atomic: number;
  readonly #dead: number;
  readonly #shift: number;

  constructor(type: StructType, path: string) {
    const data = refData();
    const pointer = `${path}.percpu_count_ptr`;
    this.#pointer = offsetOf(type, pointer);
    this.#atomic = bitsOf(type, pointer, "__PERCPU_REF_ATOMIC");
    this.#dead = bitsOf(type, pointer, "__PERCPU_REF_DEAD");
    this.#shift = shiftOf(type, pointer);
    this.#count = offsetOf(type, `${path}.${data === undefined ? "count" : "data"}`);
    this.#inData = data === undefined ? -1 : offsetOf(data, "count");
  }

  /** percpu_count_ptr of the structure at `a`. */
  pointer(a: number): number {
    return peekAt(a, this.#pointer);
  }

  /** The word that is counted in; 0 once the data is gone. */
  word(a: number): number {
    const w = peekAt(a, this.#count);
    return this.#inData < 0 || w === 0 ? w : peekAt(w, this.#inData);
  }

  /** Whether percpu_ref_kill() was called. */
  isKilled(a: number): boolean {
    return (this.pointer(a) & this.#dead) !== 0;
  }

  /** Whether it counts per CPU. */
  isPercpu(a: number): boolean {
    const pointer = this.pointer(a);
    return (pointer & (this.#atomic | this.#dead)) === 0 && pointer !== 0;
  }

  /** Whether it counts in one word, was killed, and the count has come to zero. */
  isReleased(a: number): boolean {
    const both = this.#atomic | this.#dead;
    return (this.pointer(a) & both) === both && this.word(a) === 0;
  }

  /** How many references there are; -1 if that cannot be told from outside at the moment. */
  references(a: number): number {
    const pointer = this.pointer(a);
    const word = this.word(a);
    if ((pointer & this.#atomic) !== 0) return word >= 0 && word < 1 << 30 ? word : -1;
    const area = pointer >> this.#shift;
    if (area === 0) return -1;
    let sum = (word - BIAS) | 0;
    for (let c = 0; c < config.cpus; c++) sum += peekAt(area, c);
    return sum;
  }
}
