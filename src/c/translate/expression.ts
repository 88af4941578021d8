/**
 * Expressions.
 *
 * @module
 */
import {
  BOOL,
  type CType,
  INT,
  intType,
  isInt,
  isNumber,
  isPointer,
  pointerTo,
  unknown,
} from "../front/ctype.ts";
import { typeOfDescriptor } from "../front/declare.ts";
import type { Node } from "../front/language.ts";
import type { Body, Expressions, Local } from "./body.ts";
import { callValue } from "./calls.ts";
import { addressOf, fieldValue, storedType } from "./fields.ts";
import { identifierValue, numberValue } from "./names.ts";
import { binary, conditional, orElse, type Result, unary } from "./operators.ts";
import {
  BIND,
  CELL,
  condition,
  constant,
  convert,
  exact,
  fitsCell,
  inside,
  isWide,
  lowBits,
  rangeOf,
  toBool,
  toCell,
  type Value,
  value,
} from "./value.ts";

/** Where an assignment puts its value. */
interface Target {
  readonly load: Value;
  /** The type of what is stored; a `bool` in memory is a number. */
  readonly type: CType;
  /** How the text of an assignment of `code` reads. */
  readonly store: (op: string, code: string) => string;
  readonly local: Local | null;
  /** Bits of a bit-field. */
  readonly width?: number | null;
}

/** Characters behind a backslash. */
const ESCAPES: Readonly<Record<string, number>> = {
  "0": 0,
  "n": 10,
  "t": 9,
  "r": 13,
  "\\": 92,
  "'": 39,
  '"': 34,
};

export class ExpressionTranslator implements Expressions {
  constructor(readonly body: Body) {}

  expression(node: Node): Value {
    switch (node.type) {
      case "identifier":
        return identifierValue(this, node);
      case "number_literal":
        return numberValue(this, node);
      case "true":
      case "false":
        return constant(node.type === "true", BOOL);
      case "null":
        return value("null", BIND.primary, pointerTo(unknown("void")));
      case "char_literal":
        return this.#character(node);
      case "parenthesized_expression":
        return this.#bracketed(node);
      case "field_expression":
        return fieldValue(this, node);
      case "subscript_expression":
        return this.#subscript(node);
      case "call_expression":
        return callValue(this, node);
      case "pointer_expression":
        return node.childForFieldName("operator")!.text === "&"
          ? addressOf(this, node)
          : this.#load(node);
      case "cast_expression":
        return this.#cast(node);
      case "unary_expression":
        return this.#result(
          node,
          unary(this.#operator(node), this.expression(node.childForFieldName("argument")!)),
        );
      case "binary_expression":
        return this.#binary(node);
      case "conditional_expression":
        return this.#conditional(node);
      case "assignment_expression":
        return this.#assignment(node);
      case "update_expression":
        return this.#update(node);
      case "comma_expression":
        return this.#comma(node);
      case "sizeof_expression":
        return this.#sizeof(node);
      default:
        return this.body.error(
          node,
          `"${node.text.split("\n")[0]}" is not understood (${node.type})`,
        );
    }
  }

  effect(node: Node): string | null {
    const inner = node.type === "parenthesized_expression" ? node.namedChildren[0]! : node;
    const isStep = inner.type === "update_expression";
    const v = isStep ? this.#step(inner, "statement") : this.expression(inner);
    if (v.outside || v.constant !== undefined || /^[\w$.]+$/.test(v.code)) return null;
    return v.code;
  }

  #result(node: Node, result: Result): Value {
    return typeof result === "string" ? this.body.error(node, `"${node.text}": ${result}`) : result;
  }

  #operator(node: Node): string {
    return node.childForFieldName("operator")!.text;
  }

  #bracketed(node: Node): Value {
    const inner = node.namedChildren.find((c) => c!.type !== "comment")!;
    if (inner.type === "compound_statement") {
      return this.body.error(node, "a statement in an expression is not understood");
    }
    return this.expression(inner);
  }

  #binary(node: Node): Value {
    const [a, b] = ["left", "right"].map((side) => node.childForFieldName(side)!);
    const op = this.#operator(node);
    const left = this.expression(a);
    if (op === "&&" || op === "||") {
      // What is never evaluated need not be understood.
      const c = condition(left).constant;
      if (typeof c === "boolean" && c === (op === "||")) return constant(c, BOOL);
    }
    return this.#result(node, binary(op, left, this.expression(b)));
  }

  #conditional(node: Node): Value {
    const test = this.expression(node.childForFieldName("condition")!);
    const yes = node.childForFieldName("consequence");
    const no = node.childForFieldName("alternative")!;
    if (yes !== null) return conditional(test, this.expression(yes), this.expression(no));
    const other = this.expression(no);
    if (isNumber(test.type)) return orElse(test, other);
    return value(`${inside(test, BIND.or)} ?? ${inside(other, BIND.or)}`, BIND.or, other.type);
  }

  #cast(node: Node): Value {
    const type = typeOfDescriptor(node.childForFieldName("type")!, this.body.tree);
    const v = this.expression(node.childForFieldName("value")!);
    if (type.kind === "void") return v;
    if (isInt(type) && isPointer(v.type)) {
      return this.body.error(node, "a pointer has no number in the model");
    }
    if (isPointer(type) && isInt(v.type) && v.constant !== 0) {
      return this.body.error(node, "a number is no pointer in the model");
    }
    return convert(v, type);
  }

  #subscript(node: Node): Value {
    const array = this.expression(node.childForFieldName("argument")!);
    if (array.outside) return array;
    return this.body.error(node, `"${node.text}": arrays are not understood`);
  }

  /** `*p` of a pointer to an integer. */
  #load(node: Node): Value {
    const p = this.expression(node.childForFieldName("argument")!);
    if (p.type.kind !== "pointer") {
      return this.body.error(node, `"${node.text}" follows what is no pointer`);
    }
    const to = p.type.to;
    if (p.local && to.kind === "pointer") return { ...p, type: to };
    if (!isInt(to) || to.bits < 32) {
      // sizeof(*p) asks for the type only.
      if (
        node.parent?.type === "sizeof_expression" ||
        node.parent?.type === "parenthesized_expression"
      ) {
        return { ...p, type: to };
      }
      return this.body.error(node, `"${node.text}" is a whole structure`);
    }
    const [, array, index] = /^element\((.*), (\w+)\)$/.exec(p.code) ?? [];
    const address = array === undefined ? `${p.code}, 0` : `${array}, ${index}`;
    return value(`${this.body.use("array_load")}(${address})`, BIND.call, to, {
      exact: to.signed,
      loaded: true,
      address,
    });
  }

  #character(node: Node): Value {
    const text = node.text.slice(1, -1);
    if (!text.startsWith("\\")) return constant(text.charCodeAt(0), INT);
    const code = ESCAPES[text.slice(1)];
    if (code === undefined) return this.body.error(node, `${node.text} is not understood`);
    return constant(code, INT);
  }

  #comma(node: Node): Value {
    const [left, right] = ["left", "right"].map((side) => node.childForFieldName(side)!);
    const first = this.effect(left);
    const v = this.expression(right);
    return first === null
      ? v
      : value(`(${first}, ${v.code})`, BIND.primary, v.type, { exact: v.exact, range: v.range });
  }

  #target(node: Node): Target | null {
    const inner = node.type === "parenthesized_expression" ? node.namedChildren[0]! : node;
    const load = this.expression(inner);
    if (load.outside) return null;
    const assign = (op: string, code: string) => `${load.code} ${op} ${code}`;
    if (load.local) {
      const local = this.body.locals.get(inner.text) ?? null;
      return { load, type: load.type, store: assign, local };
    }
    if (inner.type === "field_expression" && load.address !== undefined) {
      const { type, width } = storedType(this, inner);
      return { load, type, width, store: assign, local: null };
    }
    if (inner.type === "pointer_expression" && load.address !== undefined) {
      const store = (_op: string, code: string) =>
        `${this.body.use("array_store")}(${load.address}, ${code})`;
      return { load, type: load.type, store, local: null };
    }
    if (inner.type === "pointer_expression" && load.local !== undefined) {
      return { load, type: load.type, store: assign, local: null };
    }
    return this.body.error(node, `"${node.text}" cannot be assigned to`);
  }

  /** A value as it is stored: exact in a variable; in a cell modulo 2^32. */
  #stored(v: Value, { type, local, load, width }: Target): string {
    if (type.kind === "bool") {
      const b = toBool(v);
      if (local !== null) return b.code;
      if (typeof b.constant === "boolean") return b.constant ? "1" : "0";
      return load.type.kind === "bool" ? b.code : `${inside(b, BIND.or)} ? 1 : 0`;
    }
    if (width) return `${inside(lowBits(v), BIND.bitAnd)} & ${2 ** width - 1}`;
    if (local !== null || !isInt(type) || type.bits < 32) return convert(v, type).code;
    if (type.bits === 64 && isNumber(v.type)) return toCell(v).code;
    if (isInt(v.type) && !isWide(v.type)) return v.code;
    return fitsCell(v) ? v.code : convert(v, type).code;
  }

  #assignment(node: Node): Value {
    const right = this.expression(node.childForFieldName("right")!);
    const target = this.#target(node.childForFieldName("left")!);
    if (target === null) {
      const v = right.code.includes("(") && !right.outside ? right : { ...constant(0, INT) };
      return { ...v, outside: v !== right };
    }
    const op = this.#operator(node);
    if (target.local !== null) target.local.assigned++;
    const { load, type } = target;
    // The value is what is stored; a cell of 32 bits takes what is right modulo 2^32.
    const isWord = target.local === null && isInt(type) && type.bits === 32;
    const done = (code: string) =>
      value(code, BIND.assign, load.type, {
        exact: target.local !== null || (load.exact && !isWord),
        range: target.local === null && isWide(type) ? CELL : undefined,
      });
    if (op === "=") {
      if (target.local !== null && isWide(type)) {
        target.local.last = rangeOf(convert(right, type)) ?? undefined;
      }
      return done(target.store("=", this.#stored(right, target)));
    }
    const whole = this.#result(node, binary(op.slice(0, -1), load, right));
    const isCell = target.local === null && isInt(type) && type.bits === 32 && !target.width;
    const isSigned = isInt(type) && type.signed && ["|=", "&=", "^="].includes(op);
    // `p->f -= n`, as C has it, where no conversion is between.
    const short = node.childForFieldName("left")!.type !== "pointer_expression" &&
      ((isCell && !["/=", "%=", "*="].includes(op) && !(op === ">>=" && isWide(right.type))) ||
        (target.local !== null && isSigned && type.bits === 32 && !isWide(right.type)));
    if (!short) return done(target.store("=", this.#stored(whole, target)));
    const unsignedShift = op === ">>=" && isInt(load.type) && !load.type.signed;
    const by = isWide(right.type) && !fitsCell(right) ? convert(right, INT) : right;
    return done(target.store(unsignedShift ? ">>>=" : op, by.code));
  }

  #update(node: Node): Value {
    return this.#step(node, "value");
  }

  /** `x++`, `--x`. */
  #step(node: Node, as: "statement" | "value"): Value {
    const argument = node.childForFieldName("argument")!;
    const target = this.#target(argument);
    if (target === null) return { ...constant(0, INT), outside: true };
    if (target.local !== null) target.local.assigned++;
    const op = this.#operator(node);
    const { type, load } = target;
    if (!isInt(type)) return this.body.error(node, `"${node.text}" on what is no integer`);
    const prefix = node.children[0]!.type === op;
    const code = prefix ? `${op}${load.code}` : `${load.code}${op}`;
    const isCell = target.local === null && type.bits === 32 && !target.width &&
      argument.type === "field_expression";
    if (type.signed && type.bits === 32 && (isCell || target.local !== null)) {
      return value(code, prefix ? BIND.unary : BIND.postfix, type);
    }
    if (isCell) {
      return value(code, prefix ? BIND.unary : BIND.postfix, type, { exact: as === "statement" });
    }
    const whole = this.#result(node, binary(op[0], load, constant(1, INT)));
    const stored = target.store("=", this.#stored(exact(whole), target));
    if (as === "statement") return value(stored, BIND.assign, type);
    if (target.local === null) {
      return this.body.error(node, `"${node.text}" of such a field inside an expression`);
    }
    const after = value(stored, BIND.assign, type);
    if (prefix) return after;
    // What it was before: one back from what it is now.
    return convert(
      this.#result(node, binary(op === "++" ? "-" : "+", after, constant(1, INT))),
      type,
    );
  }

  /** `sizeof` of what has a width in C. */
  #sizeof(node: Node): Value {
    const named = node.childForFieldName("type");
    const type = named === null
      ? this.expression(node.childForFieldName("value")!).type
      : typeOfDescriptor(named, this.body.tree);
    const { bits } = this.body.tree;
    const width = isInt(type)
      ? type.bits
      : isPointer(type)
      ? bits
      : type.kind === "bool"
      ? 8
      : null;
    if (width === null) return this.body.error(node, `"${node.text}" is not known`);
    return constant(width / 8, intType(bits, false));
  }
}
