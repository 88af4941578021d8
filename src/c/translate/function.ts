/**
 * One function, translated.
 *
 * @module
 */
import type { CType, IntType } from "../front/ctype.ts";
import type { CFunction, Tree } from "../front/tree.ts";
import { OUT_PARAMETERS } from "../primitives.ts";
import { Body, type Helper, type LeftOut, type Local } from "./body.ts";
import { ExpressionTranslator } from "./expression.ts";
import type { Line } from "./lines.ts";
import type { Model } from "./model.ts";
import { isAssigned, StatementTranslator } from "./statement.ts";
import { isWide } from "./value.ts";

export interface Translated {
  readonly source: CFunction;
  /** Names and types of the parameters, and the result, as TypeScript. */
  readonly params: readonly string[];
  readonly result: string;
  readonly lines: readonly Line[];
  /** Names of the model that the code uses. */
  readonly uses: ReadonlySet<string>;
  /** Functions of the tree that the model has not. */
  readonly needs: ReadonlySet<string>;
  readonly helpers: ReadonlySet<Helper>;
  readonly leftOut: readonly LeftOut[];
}

/** The type of a parameter as the model writes it. */
export function modelType(type: CType): string {
  switch (type.kind) {
    case "int":
      return "number";
    case "bool":
      return "boolean";
    case "void":
      return "void";
    case "pointer":
      if (type.to.kind === "function") return "Fn | null";
      if (type.to.kind === "struct") return `${type.to.name} | null`;
      return "unknown";
    case "unknown":
      return /^[a-z_]\w*_t$/.test(type.name) ? "number" : "unknown";
    default:
      return "unknown";
  }
}

/**
 * A parameter of 64 bits comes as a number that is equal to the one of C modulo 2^64. It is brought into
 * its type where something depends on that, or at the beginning if the function assigns to it.
 */
function wideParameter(fn: CFunction, name: string, local: Local, type: IntType): Line[] {
  if (!isAssigned(fn.body, name, 1)) local.given = type.signed ? "exact" : "wrapped";
  else if (!type.signed) {
    return [{ indent: 0, text: `${local.name} = u64(${local.name});`, from: null }];
  }
  return [];
}

/**
 * Translate a function of a tree. Throws a {@linkcode CError} with the place in the tree if something in
 * it is not understood, or is not modelled.
 */
export function translateFunction(tree: Tree, model: Model, fn: CFunction): Translated {
  const body = new Body(tree, model, fn);
  const out = OUT_PARAMETERS[fn.name]?.param;
  const params: string[] = [];
  const first: Line[] = [];
  for (const [i, { name, type }] of fn.params.entries()) {
    const local = body.declare(name, type);
    if (isWide(type)) first.push(...wideParameter(fn, name, local, type));
    if (i === out) first.push({ indent: 0, text: `let ${local.name} = null;`, from: null });
    else params.push(`${local.name}: ${modelType(type)}`);
  }
  const lines = new StatementTranslator(new ExpressionTranslator(body)).block(fn.body);
  const result = out === undefined ? modelType(fn.result) : "unknown";
  const { uses, needs, helpers, leftOut } = body;
  return { source: fn, params, result, lines: [...first, ...lines], uses, needs, helpers, leftOut };
}
