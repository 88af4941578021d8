/**
 * A tree, translated: every function that the model has too, with the functions of the tree that these
 * call.
 *
 * @module
 */
import { CError } from "../front/error.ts";
import type { Tree } from "../front/tree.ts";
import { BY_HAND } from "../primitives.ts";
import { type Translated, translateFunction } from "./function.ts";
import type { Model } from "./model.ts";

/** A function that stays as it is by hand, and why. */
export interface Untranslated {
  readonly name: string;
  /** The place in the tree and the reason. */
  readonly why: string;
}

/** The translation of a tree. */
export interface Translation {
  /** Functions that take the place of the model's. */
  readonly functions: ReadonlyMap<string, Translated>;
  /** Functions of the tree that the model has not, and that some of the former call. */
  readonly helpers: ReadonlyMap<string, Translated>;
  readonly untranslated: readonly Untranslated[];
  /** Functions of the model that the tree's files do not have. */
  readonly absent: readonly string[];
}

class Translator {
  readonly done = new Map<string, Translated | string>();

  constructor(readonly tree: Tree, readonly model: Model) {}

  /** A function and all that it needs; or why not. */
  translate(name: string, above: readonly string[] = []): Translated | string {
    const known = this.done.get(name);
    if (known !== undefined) return known;
    const made = this.#make(name, above);
    this.done.set(name, made);
    return made;
  }

  #make(name: string, above: readonly string[]): Translated | string {
    let made: Translated;
    try {
      const source = this.tree.function(name);
      if (source === null) return "the tree does not have it";
      made = translateFunction(this.tree, this.model, source);
    } catch (e) {
      if (e instanceof CError) return e.message;
      throw e;
    }
    const registered = this.model.functions.get(name);
    if (registered !== undefined && made.params.length > registered.arity) {
      const [tree, model] = [made.params.length, registered.arity];
      return `${at(made)}: ${name}() takes ${tree} arguments, in the model ${model}`;
    }
    for (const need of made.needs) {
      // A circle is fine: the functions call each other.
      if (above.includes(need) || need === name) continue;
      const why = this.translate(need, [...above, name]);
      if (typeof why === "string") return `it calls ${need}(): ${why}`;
    }
    return made;
  }
}

function at({ source }: Translated): string {
  return `${source.file}:${source.line}:1`;
}

/** Translate all functions of the model that the tree has. */
export function translateTree(tree: Tree, model: Model): Translation {
  const translator = new Translator(tree, model);
  const functions = new Map<string, Translated>();
  const helpers = new Map<string, Translated>();
  const untranslated: Untranslated[] = [];
  const absent: string[] = [];
  for (const name of model.functions.keys()) {
    if (!tree.hasFunction(name)) {
      absent.push(name);
      continue;
    }
    const why = BY_HAND[name] ?? translator.translate(name);
    if (typeof why === "string") untranslated.push({ name, why });
    else functions.set(name, why);
  }
  const collect = (t: Translated) => {
    for (const need of t.needs) {
      const found = translator.done.get(need);
      if (helpers.has(need) || found === undefined || typeof found === "string") continue;
      helpers.set(need, found);
      collect(found);
    }
  };
  for (const t of functions.values()) collect(t);
  return { functions, helpers, untranslated, absent };
}

/** Translate one function for itself; throws a {@linkcode CError} that says why it cannot. */
export function translateOne(tree: Tree, model: Model, name: string): Translated | null {
  const source = tree.function(name);
  return source === null ? null : translateFunction(tree, model, source);
}
