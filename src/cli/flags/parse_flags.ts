/**
 * Parses arguments into a verb, its flags and its paths.
 *
 * Stricter than a general parser: a missing value, a flag that is given twice, and a value for a flag
 * that takes none are errors. A campaign of hours must not run with a misread flag.
 *
 * @module
 */
import { unknownWord } from "../../prog/errors.ts";
import {
  FLAG_NAMES,
  type FlagName,
  flagNamed,
  flagsOf,
  type Values,
  type Verb,
  VERBS,
} from "./flags.ts";
import type { Known } from "./known.ts";
import { UsageError } from "./usage.ts";

/** A parsed command line. */
export interface Request {
  readonly verb: Verb;
  readonly values: Values;
  /** The flags that were given; defaults are not among them. */
  readonly given: ReadonlySet<FlagName>;
  /** Everything that is not a flag. */
  readonly rest: readonly string[];
}

/** Split the arguments into the verb and the rest. */
export function splitVerb(args: readonly string[]): { verb: Verb; args: readonly string[] } {
  const [first, second] = args;
  if (first === undefined || first.startsWith("-")) {
    throw new UsageError(`Cannot begin: expected a verb: ${verbWords().join(", ")}`);
  }
  const seconds = VERBS.filter((v) => v.startsWith(`${first} `)).map((v) => v.split(" ")[1]);
  if (seconds.length > 0) {
    if (second === undefined || second.startsWith("-")) {
      throw new UsageError(`Cannot ${first}: expected "${first} ${seconds.join(`", "${first} `)}"`);
    }
    if (!seconds.includes(second)) {
      throw new UsageError(unknownWord(`verb after "${first}"`, second, seconds));
    }
    return { verb: `${first} ${second}` as Verb, args: args.slice(2) };
  }
  if (!(VERBS as readonly string[]).includes(first)) {
    throw new UsageError(unknownWord("verb", first, verbWords()));
  }
  return { verb: first as Verb, args: args.slice(1) };
}

/** First words of all verbs. */
export function verbWords(): string[] {
  return [...new Set(VERBS.map((v) => v.split(" ")[0]))];
}

/** Parse the arguments after the verb. */
export function parseFlags(verb: Verb, args: readonly string[], known: Known): Request {
  const texts = new Map<FlagName, string[]>();
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--") {
      rest.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      rest.push(arg);
      continue;
    }
    const [word, inline] = splitEquals(arg);
    const name = findFlag(verb, word);
    const flag = flagNamed(name);
    const before = texts.get(name);
    if (before !== undefined && !flag.repeat) {
      throw new UsageError(`Cannot read --${name}: it is given twice`);
    }
    let value = inline;
    if (flag.metavar === null) {
      if (inline !== undefined) throw new UsageError(`Cannot read --${name}: it takes no value`);
      value = "";
    } else if (inline === undefined) value = args[++i];
    if (value === undefined || (flag.metavar !== null && value === "")) {
      throw new UsageError(`Cannot read --${name}: expected --${name} ${flag.metavar}`);
    }
    texts.set(name, [...before ?? [], value]);
  }
  return { verb, values: readValues(verb, texts, known), given: new Set(texts.keys()), rest };
}

function splitEquals(arg: string): [string, string | undefined] {
  const at = arg.indexOf("=");
  return at < 0 ? [arg, undefined] : [arg.slice(0, at), arg.slice(at + 1)];
}

function findFlag(verb: Verb, word: string): FlagName {
  if (word === "-h") return "help";
  const accepted = flagsOf(verb);
  const name = FLAG_NAMES.find((n) => word === `--${n}`);
  if (name === undefined) {
    const message = unknownWord("flag", word, accepted.map((n) => `--${n}`));
    throw new UsageError(`${message} See "${verb} --help"`);
  }
  if (accepted.includes(name)) return name;
  throw new UsageError(
    `Unknown flag "${word}" of ${verb}: it belongs to ${flagNamed(name).verbs.join(", ")}`,
  );
}

function readValues(verb: Verb, texts: Map<FlagName, string[]>, known: Known): Values {
  const values: Record<string, unknown> = {};
  for (const name of flagsOf(verb)) {
    const flag = flagNamed(name);
    const given = texts.get(name) ?? (flag.fallback === null ? undefined : [flag.fallback]);
    if (given !== undefined) values[name] = flag.take(given, known);
  }
  return values as Values;
}
