/**
 * Exchange of inputs between campaigns that share a directory (`--sync DIR`).
 *
 * Each campaign writes only to its own folder `DIR/NAME`, whole files that are renamed into place. It
 * reads the queues and crashes of all others, and those of its own other shards, as inputs: what has
 * new features here is kept, and what shows a finding here is followed up. So a campaign that dies
 * takes nothing with it, and the directory may be one of several machines, or be copied between them
 * by rsync. What another campaign wrote is parsed like any file and never executed as code: of patches
 * and targets, only their hashes are compared.
 *
 * @module
 */
import { isSystemError, reason } from "../files/system_error.ts";
import type { Files } from "../../engine/triage/store.ts";
import { parseProgram } from "../../prog/parse.ts";
import type { FileRef, Program, Surroundings, TargetSpec } from "../../prog/types.ts";

/** Executions between two looks at the directory. A look lists every folder. */
const LOOK_EVERY = 1 << 14;
/** Looks at a file that cannot be parsed: it may be half copied. */
const TRIES_MAX = 10;
/** A larger file is no input. */
const BYTES_MAX = 1 << 18;

export interface ExchangeOptions {
  /** The shared directory. */
  readonly dir: string;
  /** The folder of this campaign in it. */
  readonly name: string;
  readonly spec: TargetSpec;
  /** CPUs of the machine. */
  readonly cpus: number;
  /** On which patches and target this campaign runs. */
  readonly surroundings: Surroundings;
  readonly files: Files;
  /** Told once about each file or folder that cannot be used. */
  readonly onBad: (path: string, why: string) => void;
  /** Told after a look that found something: the number of files, and of campaigns they are from. */
  readonly onNews: (inputs: number, campaigns: number) => void;
}

/** Names of the folders in a directory, sorted; none if there is no directory. */
function foldersIn(dir: string): string[] {
  try {
    return [...Deno.readDirSync(dir)].filter((e) => e.isDirectory).map((e) => e.name).sort();
  } catch (e) {
    if (e instanceof Deno.errors.NotFound) return [];
    throw e;
  }
}

/** What files are, whatever they are called; a file without a hash can be any. */
function hashes(refs: readonly (FileRef | undefined)[] = []): string {
  return refs.map((ref) => ref === undefined ? "none" : ref.sha256 ?? "unknown").join();
}

export class Exchange {
  readonly #seen = new Set<string>();
  readonly #waiting: string[] = [];
  /** Files that could not be parsed, and the number of looks so far. */
  readonly #halves = new Map<string, number>();
  readonly #bad = new Set<string>();
  #next = 0;

  constructor(readonly options: ExchangeOptions) {}

  /** Whether to look at the directory. Called in the loop, so it must be cheap. */
  isDue(execs: number): boolean {
    return execs >= this.#next;
  }

  /** This shard wrote a file itself. */
  wrote(path: string): void {
    this.#seen.add(path);
  }

  /** Look for files that are new, and for files that were incomplete. */
  look(execs: number): void {
    this.#next = execs + LOOK_EVERY;
    const { dir, name, onNews } = this.options;
    const before = this.#waiting.length;
    let campaigns = 0;
    for (const campaign of this.#attempt(dir, () => foldersIn(dir)) ?? []) {
      const count = this.#waiting.length;
      this.#take(`${dir}/${campaign}/queue`);
      if (campaign !== name) this.#take(`${dir}/${campaign}/crashes`);
      if (this.#waiting.length > count) campaigns++;
    }
    const news = this.#waiting.length - before;
    if (news > 0) onNews(news, campaigns);
    this.#waiting.push(...this.#halves.keys());
  }

  /** The next input that this campaign can run; null if there is none until the next look. */
  next(): Program | null {
    for (let path = this.#waiting.shift(); path !== undefined; path = this.#waiting.shift()) {
      const program = this.#read(path);
      if (program !== null) return program;
    }
    return null;
  }

  #take(folder: string): void {
    for (const path of this.#attempt(folder, () => this.options.files.list(folder)) ?? []) {
      if (this.#seen.has(path)) continue;
      this.#seen.add(path);
      this.#waiting.push(path);
    }
  }

  /** The result of an access to the file system; undefined if the system reports an error. */
  #attempt<T>(path: string, access: () => T): T | undefined {
    try {
      return access();
    } catch (e) {
      if (!isSystemError(e)) throw e;
      this.#complain(path, reason(e));
      return undefined;
    }
  }

  #complain(path: string, why: string): void {
    if (this.#bad.has(path)) return;
    this.#bad.add(path);
    this.options.onBad(path, why);
  }

  #read(path: string): Program | null {
    const { files, spec } = this.options;
    const size = this.#attempt(path, () => Deno.statSync(path).size);
    if (size === undefined) return null;
    if (size > BYTES_MAX) {
      this.#complain(path, `it has ${size} bytes; an input has at most ${BYTES_MAX}`);
      return null;
    }
    const text = this.#attempt(path, () => files.read(path)) ?? "";
    const target = /^target:[ \t]*(\S+)/m.exec(text)?.[1];
    if (target !== undefined && target !== spec.name) return null;
    const { program, errors } = parseProgram(text, path, [spec]);
    if (program === null) return this.#half(path, text === "" ? "it is empty" : String(errors[0]));
    this.#halves.delete(path);
    return this.#isForUs(program) ? program : null;
  }

  /** The file may still be on its way. */
  #half(path: string, why: string): null {
    const tries = (this.#halves.get(path) ?? 0) + 1;
    if (tries < TRIES_MAX) this.#halves.set(path, tries);
    else {
      this.#halves.delete(path);
      this.#complain(path, why);
    }
    return null;
  }

  /** Whether the input runs on what this campaign runs on. Its kernel may be another one. */
  #isForUs({ cpus, patches, targetFile }: Program): boolean {
    const { cpus: max, surroundings } = this.options;
    return cpus <= max && hashes([targetFile]) === hashes([surroundings.targetFile]) &&
      ((patches ?? []).length === 0 || hashes(patches) === hashes(surroundings.patches));
  }
}
