/**
 * Calls: primitives by the table, functions of the model, functions of the tree, macros, and what is
 * outside of the model.
 *
 * @module
 */
import {
  BOOL,
  type CType,
  INT,
  type IntType,
  intType,
  isInt,
  NULL_TYPE,
  unknown,
  VOID,
} from "../front/ctype.ts";
import type { Node } from "../front/language.ts";
import { OUTSIDE_FUNCTIONS } from "../outside.ts";
import {
  BY_HAND,
  INLINED,
  MACROS,
  OUT_PARAMETERS,
  type Primitive,
  PRIMITIVES,
  RENAMED,
} from "../primitives.ts";
import type { Expressions } from "./body.ts";
import { IDIOMS } from "./idioms.ts";
import { expressionOf } from "./names.ts";
import {
  BIND,
  CELL,
  constant,
  convert,
  exact,
  inside,
  isWide,
  SAFE,
  toCell,
  toNumber,
  type Value,
  value,
} from "./value.ts";

/** Arguments of a call. */
export function argumentsOf(node: Node): Node[] {
  return node.childForFieldName("arguments")!.namedChildren.filter((c): c is Node =>
    c !== null && c.type !== "comment"
  );
}

/** The address that a primitive works on: `&p->f`, or a pointer to an integer. */
function addressArgument(e: Expressions, node: Node): Value {
  return e.expression(node);
}

/** The address of the field that a macro such as READ_ONCE() is given. */
function fieldArgument(e: Expressions, node: Node): Value | null {
  const v = e.expression(node);
  if (v.local || v.outside) return null;
  if (v.address === undefined) return e.body.error(node, `"${node.text}" is no field`);
  return value(v.address, BIND.call, { kind: "pointer", to: v.type }, { biased: v.biased });
}

function resultOf(
  name: string,
  p: Primitive,
  target: CType | null,
  bits: 32 | 64,
): { type: CType; exact: boolean } {
  if (p.result === "bool") return { type: BOOL, exact: true };
  if (p.result === "int") return { type: atomicType(name, bits), exact: true };
  if (p.result !== "field") return { type: VOID, exact: true };
  const type = target?.kind === "pointer" ? target.to : unknown("field");
  return { type, exact: !isInt(type) || type.signed || type.bits < 32 };
}

/** The type of the counter in an `atomic_t` or one of its kin, as operations on it take and return it. */
function atomicType(name: string, bits: 32 | 64): IntType {
  return intType(/^atomic64_/.test(name) ? 64 : /^atomic_long_/.test(name) ? bits : 32, true);
}

/** What is put into memory: as wide as the field; a sum in an atomic operation has 32 bits. */
function operand(e: Expressions, v: Value, name: string, target: CType | null): Value {
  if (!isInt(v.type)) return v;
  const atomic = /^atomic(64|_long)?_/.test(name) ? atomicType(name, e.body.tree.bits) : null;
  const to = atomic ?? (target?.kind === "pointer" ? target.to : null);
  if (to === null || !isInt(to)) return toNumber(v);
  if (to.bits === 64) return toCell(v);
  if (to.bits < 32 || isWide(v.type)) return convert(v, to);
  if (v.exact || v.loaded || atomic === null) return v;
  return convert(v, INT);
}

/** The flags that `spin_lock_irqsave()` gives back. */
const TOKEN = CELL;

/** A call of a primitive, from the table. */
function primitiveCall(e: Expressions, node: Node, name: string, p: Primitive): Value {
  const { body } = e;
  const given = argumentsOf(node);
  const out: string[] = p.first === undefined ? [] : [body.use(p.first)];
  let result: string | null = null;
  let target: CType | null = null;
  let biased = false;
  if (given.length !== p.args.length) {
    return body.error(node, `${name}() takes ${p.args.length} arguments here, not ${given.length}`);
  }
  for (const [i, how] of [...p.args].entries()) {
    if (how === "-") continue;
    if (how === "=") {
      result = e.expression(given[i]).code;
      // Flags of interrupts are the machine's.
      const local = body.locals.get(given[i].text);
      if (local !== undefined) local.range = TOKEN;
    } else if (how === "f") {
      const field = fieldArgument(e, given[i]);
      // READ_ONCE(x) of a variable is the variable; what the model has not is its value.
      if (field === null) return withoutField(e, node, given);
      out.push(field.code);
      biased ||= field.biased === true;
      target = field.type;
    } else {
      const v = how === "a" ? addressArgument(e, given[i]) : e.expression(given[i]);
      if (v.outside) return leftOut(e, node, name, v);
      if (how === "a") target = v.type;
      if (how === "a") biased ||= v.biased === true;
      out.push(operand(e, v, name, target).code);
    }
  }
  const code = `${body.use(p.to ?? name)}(${out.join(", ")})`;
  if (result !== null) return value(`${result} = ${code}`, BIND.assign, VOID);
  const { type, exact } = resultOf(name, p, target, body.tree.bits);
  const isNumber = p.result === "field" || p.result === "int";
  const loaded = p.result === "field" ? true : undefined;
  const range = isNumber && isWide(type) && !loaded ? CELL : undefined;
  return value(code, BIND.call, type, { exact, loaded, range, biased });
}

function withoutField(e: Expressions, node: Node, given: readonly Node[]): Value {
  const v = e.expression(given[0]);
  if (v.outside || given.length === 1) return v;
  return e.body.error(node, `"${given[0].text}" is a variable of the function`);
}

/** A call that is not made. */
function leftOut(e: Expressions, node: Node, name: string, v?: Value): Value {
  e.body.leaveOut(node, `${name}(): it is about something that the model does not have`);
  return { ...(v ?? constant(0, INT)), outside: true };
}

function outsideCall(e: Expressions, node: Node, name: string): Value {
  const { value: text, why } = OUTSIDE_FUNCTIONS[name];
  e.body.leaveOut(node, `${name}(): ${why}`);
  if (text === "true" || text === "false") {
    return { ...constant(text === "true", BOOL), outside: true };
  }
  return { ...constant(0, INT), outside: true };
}

/** The C types of a function's parameters and result, if the tree defines it. */
function prototypeOf(e: Expressions, name: string): { params: CType[]; result: CType } | null {
  if (!e.body.tree.hasFunction(name)) return null;
  const f = e.body.tree.function(name)!;
  return { params: f.params.map((p) => p.type), result: f.result };
}

/** Functions of the model that take an object. */
const FREES = ["kfree", "free_percpu"];

/** A call by name, with the arguments in the types of the parameters. */
function plainCall(e: Expressions, node: Node, name: string, arity: number | null): Value {
  const { body } = e;
  const prototype = prototypeOf(e, name);
  const given = argumentsOf(node);
  const out = OUT_PARAMETERS[name];
  const values = given.map((a, i) => i === out?.param ? constant(0, INT) : e.expression(a));
  // With an object that the model does not have, there is nothing to call.
  const isObject = (i: number) =>
    values[i].outside &&
    (given[i].type === "pointer_expression" || prototype?.params[i]?.kind === "pointer" ||
      FREES.includes(name));
  if (given.some((_, i) => isObject(i))) return leftOut(e, node, name, constant(0, INT));
  const type = prototype?.result ?? unknown(`${name}()`);
  const args = values.map((v, i) => {
    const to = prototype?.params[i];
    if (to === undefined) return toNumber(exact(v));
    // It is equal to what C passes modulo 2^64, as the callee expects it.
    return isWide(to) && isInt(v.type) ? toNumber(isWide(v.type) ? v : exact(v)) : convert(v, to);
  });
  if (out !== undefined) return outCall(e, node, name, args);
  if (arity !== null && args.length > arity) {
    return body.error(node, `${name}() takes ${arity} arguments in the model, not ${args.length}`);
  }
  // A function that returns an integer returns it in its type.
  return value(
    `${name}(${args.map(({ code }) => code).join(", ")})`,
    BIND.call,
    type,
    returned(type),
  );
}

/** What is known of the number that a function returns. */
export function returned(type: CType): Partial<Value> {
  return isWide(type) ? { range: SAFE, exact: type.signed } : {};
}

/** `f(x, &out)`: the model's function returns what C puts into `out`. */
function outCall(e: Expressions, node: Node, name: string, args: readonly Value[]): Value {
  const { param, success } = OUT_PARAMETERS[name];
  const target = argumentsOf(node)[param];
  if (target.type !== "pointer_expression") {
    return e.body.error(node, `${name}() needs &variable here`);
  }
  const to = e.expression(target.childForFieldName("argument")!);
  const rest = args.filter((_, i) => i !== param).map(({ code }) => code).join(", ");
  return value(`(${to.code} = ${e.body.use(name)}(${rest})) ${success}`, BIND.equal, BOOL);
}

/** Put the texts of arguments in place of a macro's parameters. */
export function substitute(
  body: string,
  params: readonly string[],
  args: readonly string[],
): string {
  return body.replace(/[A-Za-z_]\w*/g, (word) => {
    const i = params.indexOf(word);
    return i < 0 ? word : `(${args[i]})`;
  });
}

/** The value of a call. */
export function callValue(e: Expressions, node: Node): Value {
  const { body } = e;
  const callee = node.childForFieldName("function")!;
  if (callee.type !== "identifier" || body.locals.has(callee.text)) {
    const f = e.expression(callee);
    const args = argumentsOf(node).map((a) => toNumber(exact(e.expression(a))).code);
    const type = f.type.kind === "pointer" && f.type.to.kind === "function"
      ? f.type.to.result
      : unknown("call");
    return value(`${inside(f, BIND.call)}(${args.join(", ")})`, BIND.call, type, returned(type));
  }
  const name = RENAMED[callee.text] ?? callee.text;
  if (name in IDIOMS) return IDIOMS[name](e, node, argumentsOf(node));
  if (name in PRIMITIVES) return primitiveCall(e, node, name, PRIMITIVES[name]);
  if (name in OUTSIDE_FUNCTIONS) return outsideCall(e, node, name);
  const inlined = INLINED[body.fn.name] === name;
  const registered = inlined ? undefined : body.model.functions.get(name);
  // What is inlined in C may be another function in every version: the tree's.
  const isHelper = body.model.exports.has(name) &&
    (name in BY_HAND || !body.tree.hasFunction(name));
  if (registered !== undefined || isHelper) {
    body.use(name);
    return plainCall(e, node, name, registered?.arity ?? null);
  }
  if (body.tree.hasFunction(name)) {
    const call = plainCall(e, node, name, null);
    if (!call.outside) body.needs.add(name);
    return call;
  }
  const macro = MACROS[name] ?? body.tree.macro(name);
  if (macro?.params) {
    const args = argumentsOf(node).map((a) => a.text);
    if (args.length !== macro.params.length || /#/.test(macro.body)) {
      return body.error(node, `the macro ${name} is not understood`);
    }
    return expressionOf(e, node, name, substitute(macro.body, macro.params, args));
  }
  // With an object that the model does not have, it does not matter what is called.
  const isObject = (a: Node) => a.type === "pointer_expression" || body.locals.has(a.text);
  const isOutside = (a: Node) => isObject(a) && e.expression(a).outside;
  if (argumentsOf(node).some(isOutside)) return leftOut(e, node, name);
  return body.error(
    node,
    `it calls ${name}(), which is not in the model, not in the files that are read, and not listed in src/c/outside.ts`,
  );
}

export { NULL_TYPE };
