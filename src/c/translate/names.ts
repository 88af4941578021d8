/**
 * What an identifier stands for: a variable, a constant, a macro, a function.
 *
 * @module
 */
import { BOOL, type CType, INT, intType, NULL_TYPE, pointerTo, unknown } from "../front/ctype.ts";
import { readInteger, typeOfInteger } from "../front/integer.ts";
import type { Node } from "../front/language.ts";
import {
  BIASED_CONSTANTS,
  CONSTANT_MACROS,
  LARGE,
  LONG_CONSTANTS,
  NAMES,
  PER_CPU,
  READ_BY_CALL,
} from "../primitives.ts";
import { OUTSIDE_CONSTANTS, OUTSIDE_STRUCTS, OUTSIDE_VARIABLES } from "../outside.ts";
import type { Expressions, Local } from "./body.ts";
import { unary } from "./operators.ts";
import { BIND, constant, type Range, SAFE, type Value, value, wrapped } from "./value.ts";

/** The type of a name of the model that is a constant: that of its definition in the tree, if it has one. */
function constantType(e: Expressions, name: string): CType {
  const macro = e.body.tree.macro(name);
  const literal = /^\(*(0[xX][0-9a-fA-F]+|\d+)([uUlL]*)\)*$/.exec(macro?.body ?? "");
  const unsigned = intType(e.body.tree.bits, false);
  if (LONG_CONSTANTS.includes(name)) return unsigned;
  if (literal === null) return INT;
  const [isLong, isUnsigned] = [/l/i, /u/i].map((suffix) => suffix.test(literal[2]));
  return intType(isLong ? e.body.tree.bits : 32, !isUnsigned);
}

/** A constant in the text of the program: a number, with its type. */
export function numberValue(e: Expressions, node: Node): Value {
  // The grammar takes the sign of -1 for a part of the number.
  if (node.text.startsWith("-")) {
    const negative = unary("-", integer(e, node, node.text.slice(1)));
    return typeof negative === "string" ? e.body.error(node, negative) : negative;
  }
  return integer(e, node, node.text);
}

function integer(e: Expressions, node: Node, text: string): Value {
  try {
    const read = readInteger(text);
    const type = typeOfInteger(read, e.body.tree.bits);
    const made = constant(wrapped(read.value, type), type);
    // As it is written: 0x800 says more than 2048.
    const code = text.replace(/[uUlL]+$/, "");
    return /^0\d/.test(code) || typeof made.constant !== "number" ? made : { ...made, code };
  } catch {
    return e.body.error(node, `"${node.text}" is no integer`);
  }
}

/** The C text `text` as an expression. */
export function expressionOf(e: Expressions, node: Node, name: string, text: string): Value {
  const piece = e.body.tree.parsePiece(`return (${text});`);
  const inner = piece?.namedChildren[0];
  if (!inner) return e.body.error(node, `the macro ${name} is no expression: ${text}`);
  return e.body.expand(node, name, () => e.expression(inner));
}

/** Whether a variable is, or points to, something that the model does not have. */
export function isOutside(e: Expressions, name: string, type: CType): boolean {
  const to = type.kind === "pointer" ? type.to : type;
  if (to.kind === "struct" && to.name in OUTSIDE_STRUCTS) return true;
  return `${e.body.fn.name}.${name}` in OUTSIDE_VARIABLES;
}

function variable(e: Expressions, name: string): Value | null {
  const { body } = e;
  if (name in READ_BY_CALL) {
    const type = pointerTo({ kind: "struct", name: READ_BY_CALL[name] });
    return value(`${body.use(name)}()`, BIND.call, type);
  }
  if (name in PER_CPU) {
    return body.name(body.use(name), { kind: "struct", name: PER_CPU[name] });
  }
  if (name in NAMES) {
    const to = NAMES[name];
    if (to === "null") return body.name(to, NULL_TYPE);
    if (to === "true" || to === "false") return constant(to === "true", BOOL);
    return body.name(body.use(to), constantType(e, name), { small: true });
  }
  return null;
}

/** A page has some bytes. */
const PAGE: Range = [1, 2 ** 16];

/** What is known of the number in a variable. */
function localValue({ given, range }: Local): Partial<Value> {
  if (given === undefined) return { local: true, range };
  return { local: true, range: SAFE, exact: given === "exact" };
}

/** The value of an identifier. */
export function identifierValue(e: Expressions, node: Node): Value {
  const { body } = e;
  const name = node.text;
  const local = body.locals.get(name);
  if (local !== undefined) {
    if (isOutside(e, name, local.type)) return { ...constant(0, INT), outside: true };
    return body.name(local.name, local.type, localValue(local));
  }
  const known = variable(e, name);
  if (known !== null) return known;
  if (body.model.functions.has(name)) return body.name(body.use(name), unknown("function"));
  if (name in OUTSIDE_CONSTANTS) {
    body.leaveOut(node, `${name}: ${OUTSIDE_CONSTANTS[name].why}`);
    return { ...constant(0, INT), outside: true };
  }
  if (body.model.exports.has(name)) {
    const isConstant = /^[A-Z0-9_]+$/.test(name);
    const type = isConstant ? constantType(e, name) : unknown(name);
    // The model's number for it may be that of 32 bits.
    return body.name(body.use(name), type, {
      small: isConstant && !LARGE.includes(name),
      range: name === "PAGE_SIZE" ? PAGE : undefined,
      loaded: LARGE.includes(name),
      exact: !BIASED_CONSTANTS.includes(name),
      biased: BIASED_CONSTANTS.includes(name),
    });
  }
  // The model has flags of allocations with numbers of its own.
  if (/^_*GFP_/.test(name)) return body.error(node, `the model has no flag ${name}`);
  const macro = body.tree.macro(name);
  const text = macro === null
    ? CONSTANT_MACROS[name]
    : macro.params === null
    ? macro.body
    : undefined;
  if (text !== undefined) return expressionOf(e, node, name, text);
  const enumerator = body.tree.enumerator(name);
  if (enumerator !== null) return expressionOf(e, node, name, enumerator);
  if (body.tree.hasFunction(name)) {
    body.needs.add(name);
    return body.name(name, unknown("function"));
  }
  return body.error(node, `nobody knows "${name}": no variable, constant or function of that name`);
}
