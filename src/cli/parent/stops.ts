/**
 * The kernels that `bisect` asks, one after the other.
 *
 * The bug of a file may be in a part that the model leaves out otherwise. Then its `expect` lines name that
 * part, and all kernels that are asked have it.
 *
 * @module
 */
import type { Known } from "../flags/known.ts";
import { readKernel } from "../flags/read_kernel.ts";
import { UsageError } from "../flags/usage.ts";
import { parseKernel } from "../../kernel/series/expression.ts";
import {
  COMES_WITH,
  DETAILS,
  patchName,
  type Version,
  VERSIONS,
} from "../../kernel/series/kernels.ts";
import type { Program } from "../../prog/types.ts";

/** A kernel, and the patch file that leads to it from the one before. */
export interface Stop {
  readonly kernel: string;
  readonly patch: string;
}

/** The details that all kernels have that show the bug of a file. */
export function detailsOf({ expects }: Program): string[] {
  const buggy = expects.filter(({ title }) => title !== null).map(({ kernel }) => kernel);
  const named = buggy.map((kernel) => kernel.split(/[+-]/));
  return DETAILS.filter((file) => patchName(file) === file && !/^[0-9a-f]{12}$/.test(file))
    .filter((file) => named.length > 0 && named.every((words) => words.includes(file)));
}

/** Versions with details. */
export class Route {
  readonly #suffix: string;

  constructor(readonly details: readonly string[], readonly known: Known) {
    this.#suffix = details.map((name) => `+${name}`).join("");
  }

  /** The name of a version. */
  at({ name }: Version): string {
    return name + this.#suffix;
  }

  /** Whether a version can have the details. */
  has(version: Version): boolean {
    try {
      readKernel(this.at(version), this.known);
      return true;
    } catch (e) {
      if (e instanceof UsageError) return false;
      throw e;
    }
  }

  /** From one version to the next, patch by patch: those of the series, then those of the details. */
  between(before: Version, after: Version): Stop[] {
    const ofDetails = this.details.flatMap((detail) => Object.entries(COMES_WITH[detail] ?? {}))
      .filter(([_, since]) => isBetween(since, before, after)).map(([file]) => file);
    const patches = [...patchesBetween(before, after), ...ofDetails];
    return patches.map((patch, i) => {
      const added = patches.slice(0, i + 1).map((file) => `+${patchName(file)}`).join("");
      return { kernel: i + 1 === patches.length ? this.at(after) : this.at(before) + added, patch };
    });
  }

  /** Commits of the details that no version has with them: what came when the part was another. */
  after(last: Version): Stop[] {
    const kernel = this.at(last);
    const { patches } = parseKernel(kernel);
    return DETAILS.filter((file) => !patches.includes(file))
      .filter((file) => {
        const needs = this.known.series.get(file).about?.needs ?? [];
        return this.details.some((detail) => needs.includes(detail));
      })
      .map((patch) => ({ kernel: `${kernel}+${patchName(patch)}`, patch }));
  }
}

const age = (name: string) => VERSIONS.findIndex((v) => v.name === name);

function isBetween(name: string, before: Version, after: Version): boolean {
  return age(name) > age(before.name) && age(name) <= age(after.name);
}

function patchesBetween(before: Version, after: Version): string[] {
  return VERSIONS.filter(({ name }) => isBetween(name, before, after)).flatMap(({ adds }) => adds);
}
