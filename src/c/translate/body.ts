/**
 * What the parts of the translation share while one function is translated.
 *
 * @module
 */
import type { CType } from "../front/ctype.ts";
import { CError, type Place } from "../front/error.ts";
import type { Node } from "../front/language.ts";
import type { CFunction, Tree } from "../front/tree.ts";
import type { Model } from "./model.ts";
import { BIND, type Range, type Value, value, WIDE_CALLS } from "./value.ts";

/** A variable or a parameter. */
export interface Local {
  /** Its name in TypeScript. */
  readonly name: string;
  readonly type: CType;
  /** How often the function assigns to it. */
  assigned: number;
  /** A parameter of 64 bits is a number; `exact`, or equal modulo 2^64 to what C has. */
  given?: "exact" | "wrapped";
  /** Between which numbers it is, if it is given a value once. */
  range?: Range;
  /** Between which numbers what was put into it last is. */
  last?: Range;
}

/** A call or an access that was left out, since it is outside of the model. */
export interface LeftOut {
  readonly what: string;
  readonly place: Place;
}

/** Helpers that a module has at its head, if it uses them. */
export type Helper = "cpu_online" | "passed" | "warned";

const RESERVED = new Set(
  `arguments await class const debugger default delete enum eval export extends false finally function
  implements import in instanceof interface let new null package private protected public static super
  this throw true try typeof var void with yield`.split(/\s+/).concat(WIDE_CALLS),
);

export class Body {
  readonly locals = new Map<string, Local>();
  /** Names of the model, and of functions of the tree, that the code uses. */
  readonly uses = new Set<string>();
  readonly needs = new Set<string>();
  readonly helpers = new Set<Helper>();
  readonly leftOut: LeftOut[] = [];
  /** Where a macro is expanded: nodes of its body have no place of their own. */
  readonly #expanding: { readonly at: Place; readonly name: string }[] = [];
  #loops = 0;

  constructor(readonly tree: Tree, readonly model: Model, readonly fn: CFunction) {}

  placeOf(node: Node): Place {
    return this.#expanding[0]?.at ?? this.fn.placeOf(node);
  }

  error(node: Node, what: string): never {
    throw new CError(this.placeOf(node), `Cannot translate ${this.fn.name}(): ${what}`);
  }

  leaveOut(node: Node, what: string): void {
    this.leftOut.push({ what, place: this.placeOf(node) });
  }

  /** Translate the body of a macro as if it stood at `node`. */
  expand<T>(node: Node, name: string, run: () => T): T {
    if (this.#expanding.some((e) => e.name === name)) this.error(node, `${name} expands to itself`);
    this.#expanding.push({ at: this.placeOf(node), name });
    try {
      return run();
    } finally {
      this.#expanding.pop();
    }
  }

  /** Declare a variable. JavaScript has words that C has not, and the model has names. */
  declare(name: string, type: CType): Local {
    const taken = RESERVED.has(name) || this.model.exports.has(name) || name === "pos";
    const local = { name: taken ? `${name}_` : name, type, assigned: 0 };
    this.locals.set(name, local);
    return local;
  }

  /** A name for the position in a loop over a list. */
  position(): string {
    this.#loops++;
    return this.#loops === 1 ? "pos" : `pos${this.#loops}`;
  }

  /** Use a name of the model. */
  use(name: string): string {
    const [first] = name.split(".");
    if (this.model.exports.has(first) || this.model.functions.has(first)) this.uses.add(first);
    return name;
  }

  /** A value that is a name. */
  name(code: string, type: CType, more: Partial<Value> = {}): Value {
    return value(code, BIND.primary, type, more);
  }
}

/** What translates expressions: parts of it call it back. */
export interface Expressions {
  readonly body: Body;
  /** The value of an expression. */
  expression(node: Node): Value;
  /** An expression for its effect: the text, or null if nothing of it is left. */
  effect(node: Node): string | null;
}
