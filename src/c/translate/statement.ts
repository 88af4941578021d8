/**
 * Statements.
 *
 * @module
 */
import { type CType, isInt, isNumber, promote } from "../front/ctype.ts";
import { declaration, type Declared } from "../front/declare.ts";
import type { Node } from "../front/language.ts";
import { OUT_PARAMETERS, PRIMITIVES } from "../primitives.ts";
import type { Body, Expressions } from "./body.ts";
import { type Jump, jumpsTo, splitAtLabel } from "./jumps.ts";
import { indented, type Line } from "./lines.ts";
import { isMacroLoop, macroLoop } from "./loops.ts";
import { isOutside } from "./names.ts";
import {
  BIND,
  condition,
  convert,
  exact,
  inside,
  INTEGER_CALLS,
  isWide,
  rangeOf,
  toBool,
  toNumber,
  type Value,
} from "./value.ts";

/** A variable whose declaration waits for its first assignment. */
type Waiting = Map<string, Declared>;

export class StatementTranslator {
  readonly #e: Expressions;
  readonly #body: Body;
  /** How gotos are written, innermost last. */
  readonly #jumps: (Jump & { readonly to: string })[] = [];
  /** Loops and blocks around: the C loops that `break` and `continue` are about. */
  readonly #around: ("loop" | "switch" | "wrapper")[] = [];

  constructor(e: Expressions) {
    this.#e = e;
    this.#body = e.body;
  }

  #line(node: Node, text: string): Line {
    return { indent: 0, text, from: this.#body.placeOf(node).line };
  }

  /** The statements of a block, without its braces. */
  block(node: Node): Line[] {
    const statements = node.namedChildren.filter((c): c is Node =>
      c !== null && c.type !== "comment"
    );
    return this.#sequence(statements);
  }

  /** The statement that belongs to an `if` or a loop. */
  #inner(node: Node): Line[] {
    return node.type === "compound_statement" ? this.block(node) : this.#sequence([node]);
  }

  #sequence(statements: readonly Node[]): Line[] {
    const hasLabel = splitAtLabel(statements) !== null;
    // What is declared first stays outside of the loops that labels make.
    let first = 0;
    while (hasLabel && statements[first].type === "declaration") first++;
    const head = statements.slice(0, first).flatMap((s) => this.#declareAll(s));
    return [...head, ...this.#labelled(statements.slice(first), hasLabel)];
  }

  #labelled(statements: readonly Node[], hoisted: boolean): Line[] {
    const split = splitAtLabel(statements);
    if (split === null) return this.#plain(statements, hoisted);
    const { label, before, after, backwards, forwards } = split;
    const name = this.#body.locals.has(label) ? `${label}_` : label;
    const lines: Line[] = [];
    const from = after[0] === undefined ? null : this.#body.placeOf(after[0]).line;
    if (forwards) {
      const inner = this.#within(
        { to: label, label: name, how: "break" },
        () => this.#labelled(before, hoisted),
      );
      lines.push({ indent: 0, text: `${name}: {`, from: null }, ...indented(inner), {
        indent: 0,
        text: "}",
        from: null,
      });
    } else lines.push(...this.#labelled(before, hoisted));
    if (!backwards) return [...lines, ...this.#labelled(after, hoisted)];
    const again = forwards ? `${name}_again` : name;
    const inner = this.#within(
      { to: label, label: again, how: "continue" },
      () => this.#labelled(after, hoisted),
    );
    const ends = /^(return\b|continue\b|break\b)/.test(inner.at(-1)?.text ?? "");
    lines.push({ indent: 0, text: `${again}: for (;;) {`, from });
    lines.push(...indented(inner), ...ends ? [] : [{ indent: 1, text: "break;", from: null }]);
    return [...lines, { indent: 0, text: "}", from: null }];
  }

  #within(jump: Jump & { to: string }, run: () => Line[]): Line[] {
    this.#jumps.push(jump);
    this.#around.push("wrapper");
    try {
      return run();
    } finally {
      this.#jumps.pop();
      this.#around.pop();
    }
  }

  /** Declarations at once: with labels around, a variable lives longer than the block it begins in. */
  #declareAll(node: Node): Line[] {
    return declaration(node, this.#body.tree).flatMap((d) =>
      this.#declare(node, d, new Map(), [], true)
    );
  }

  #plain(statements: readonly Node[], hoisted: boolean): Line[] {
    const waiting: Waiting = new Map();
    return statements.flatMap((node, i) => {
      if (node.type !== "declaration") return this.#statement(node, waiting);
      return declaration(node, this.#body.tree)
        .flatMap((d) => this.#declare(node, d, waiting, statements.slice(i + 1), hoisted));
    });
  }

  #declare(
    node: Node,
    d: Declared,
    waiting: Waiting,
    rest: readonly Node[],
    hoisted: boolean,
  ): Line[] {
    const local = this.#body.declare(d.name, d.type);
    if (isOutside(this.#e, d.name, d.type)) return [];
    if (/^\s*static\b/.test(node.text)) {
      return this.#body.error(node, "a static variable in a function");
    }
    if (d.value !== null) {
      const v = this.#assigned(this.#e.expression(d.value), d);
      const again = isAssigned(this.#body.fn.body, d.name, 1);
      if (!again && isWide(d.type)) local.range = rangeOf(v) ?? undefined;
      return [this.#line(d.node, `${again ? "let" : "const"} ${local.name} = ${v.code};`)];
    }
    if (!hoisted && firstIsAssignment(rest, d.name)) {
      waiting.set(d.name, d);
      return [];
    }
    return [this.#line(node, `let ${local.name};`)];
  }

  #assigned(v: Value, { type }: Declared): Value {
    return type.kind === "bool" ? toBool(v) : convert(v, type);
  }

  #statement(node: Node, waiting: Waiting): Line[] {
    switch (node.type) {
      case "expression_statement":
        return this.#expressionStatement(node, waiting);
      case "compound_statement":
        return [this.#line(node, "{"), ...indented(this.block(node)), {
          indent: 0,
          text: "}",
          from: null,
        }];
      case "if_statement":
        return this.#if(node);
      case "while_statement":
      case "for_statement":
        return this.#loop(node);
      case "do_statement":
        return this.#do(node);
      case "switch_statement":
        return this.#switch(node);
      case "return_statement":
        return this.#return(node);
      case "goto_statement":
        return this.#goto(node);
      case "break_statement":
      case "continue_statement":
        return this.#leave(node);
      case "comment":
        return [];
      default:
        return this.#body.error(
          node,
          `"${node.text.split("\n")[0]}" is not understood (${node.type})`,
        );
    }
  }

  #expressionStatement(node: Node, waiting: Waiting): Line[] {
    const [inner] = node.namedChildren.filter((c): c is Node => c !== null && c.type !== "comment");
    if (inner === undefined) return [];
    const macro = this.#statementMacro(inner);
    if (macro !== null) return macro;
    const code = this.#e.effect(inner);
    if (code === null) return [];
    const name = assignedName(inner);
    const d = name === null ? undefined : waiting.get(name);
    if (d === undefined) return [this.#line(node, `${code};`)];
    waiting.delete(d.name);
    const again = isAssigned(this.#body.fn.body, d.name, 2);
    const local = this.#body.locals.get(d.name)!;
    if (!again && isWide(d.type)) local.range ??= local.last;
    return [this.#line(node, `${again ? "let" : "const"} ${code};`)];
  }

  /** A macro whose body is a statement: `do { … } while (0)`. */
  #statementMacro(node: Node): Line[] | null {
    if (node.type !== "call_expression") return null;
    const name = node.childForFieldName("function")!.text;
    const macro = this.#body.tree.macro(name);
    if (!macro?.params || !/^do\s*\{/.test(macro.body) || this.#isKnown(name)) return null;
    return this.#body.error(node, `the macro ${name} is a statement and is not understood`);
  }

  #isKnown(name: string): boolean {
    const { model } = this.#body;
    return name in PRIMITIVES || model.exports.has(name) || model.functions.has(name);
  }

  /** The statements of a branch in braces, or behind the head if it is one short line. */
  #branch(head: Line, inner: readonly Line[]): Line[] {
    const [only] = inner;
    const fits = inner.length === 1 && !/^(const|let|if|for|do|while)\b|[{}]$/.test(only.text) &&
      head.text.length + only.text.length < 90;
    if (fits) {
      const { text, from } = only;
      return [{ ...head, text: `${head.text} ${text}`, tail: { text, from } }];
    }
    return [{ ...head, text: `${head.text} {` }, ...indented(inner), {
      indent: 0,
      text: "}",
      from: null,
    }];
  }

  #if(node: Node): Line[] {
    const test = condition(this.#e.expression(node.childForFieldName("condition")!));
    const then = node.childForFieldName("consequence")!;
    const other = node.childForFieldName("alternative")?.namedChildren
      .find((c) => c!.type !== "comment") ?? null;
    if (typeof test.constant === "boolean") {
      const taken = test.constant ? then : other;
      return taken === null ? [] : this.#inner(taken);
    }
    const yes = this.#inner(then);
    const no = other === null ? [] : this.#inner(other);
    if (yes.length === 0 && no.length === 0) {
      // What was in it is outside of the model; the condition stays if it does something.
      return doesSomething(test.code) && !test.outside ? [this.#line(node, `${test.code};`)] : [];
    }
    if (yes.length === 0) {
      return this.#branch(this.#line(node, `if (!${inside(test, BIND.unary)})`), no);
    }
    const lines = this.#branch(this.#line(node, `if (${test.code})`), yes);
    if (no.length === 0) return lines;
    const isElseIf = other!.type === "if_statement" && no[0].text.startsWith("if (");
    const rest: Line[] = isElseIf
      ? [{ ...no[0], text: `else ${no[0].text}` }, ...no.slice(1)]
      : this.#branch({ indent: 0, text: "else", from: null }, no);
    if (lines.at(-1)!.text !== "}" || lines.length === 1) return [...lines, ...rest];
    return [...lines.slice(0, -1), { ...rest[0], text: `} ${rest[0].text}` }, ...rest.slice(1)];
  }

  #in(what: "loop" | "switch", run: () => Line[]): Line[] {
    this.#around.push(what);
    try {
      return run();
    } finally {
      this.#around.pop();
    }
  }

  #loop(node: Node): Line[] {
    const body = node.childForFieldName("body")!;
    if (node.type === "while_statement" && isMacroLoop(node)) {
      const loop = macroLoop(this.#e, node);
      if (loop === null) {
        this.#body.leaveOut(node, "a loop over a list that the model does not have");
        return [];
      }
      const { head, first } = loop;
      const inner = this.#in("loop", () => this.#inner(body));
      if (inner.length === 0) return [];
      const lines = [...first.map((text) => this.#line(node, text)), ...inner];
      return this.#branch(this.#line(node, head), lines);
    }
    const head = node.type === "while_statement" ? this.#whileHead(node) : this.#forHead(node);
    if (head === null) return [];
    const inner = this.#in("loop", () => this.#inner(body));
    if (inner.length === 0 && this.#isWalk(node, head)) {
      this.#body.leaveOut(node, "a loop: what it does at each step is outside");
      return [];
    }
    return this.#branch(this.#line(node, head), inner);
  }

  /** Whether a loop only goes from one object to the next, with a variable that nobody reads then. */
  #isWalk(node: Node, head: string): boolean {
    const condition = node.childForFieldName("condition")!;
    const [assignment] = condition.descendantsOfType("assignment_expression");
    const name = assignment && assignedName(assignment);
    if (!name || doesSomething(head.replace(/^while /, "")) || this.#around.includes("loop")) {
      return false;
    }
    return !this.#body.fn.body.descendantsOfType("identifier")
      .some((i) => i!.text === name && i!.startIndex >= node.endIndex);
  }

  #whileHead(node: Node): string | null {
    const test = condition(this.#e.expression(node.childForFieldName("condition")!));
    if (test.constant === false) return null;
    return `while (${test.code})`;
  }

  #forHead(node: Node): string | null {
    const [first, test, step] = ["initializer", "condition", "update"].map((f) =>
      node.childForFieldName(f)
    );
    if (first?.type === "declaration") {
      for (const d of declaration(first, this.#body.tree)) {
        this.#body.declare(d.name, d.type).assigned += 2;
      }
    }
    const begin = first === null
      ? ""
      : first.type === "declaration"
      ? this.#declareAll(first).map(({ text }) => text.replace(/^const/, "let").replace(/;$/, ""))
        .join(", ")
      : this.#e.effect(first) ?? "";
    const value = test === null ? null : condition(this.#e.expression(test));
    if (value?.constant === false) return null;
    const until = value === null ? "" : ` ${value.code}`;
    const next = step === null ? "" : ` ${this.#e.effect(step) ?? ""}`;
    return `for (${begin};${until};${next})`;
  }

  #do(node: Node): Line[] {
    const inner = this.#in("loop", () => this.#inner(node.childForFieldName("body")!));
    const test = node.childForFieldName("condition")!;
    const code = condition(this.#e.expression(test)).code;
    return [
      this.#line(node, "do {"),
      ...indented(inner),
      this.#line(test, `} while (${code});`),
    ];
  }

  #switch(node: Node): Line[] {
    const on = exact(this.#e.expression(node.childForFieldName("condition")!));
    const type = promote(on.type);
    const body = node.childForFieldName("body")!;
    const lines = this.#in("switch", () =>
      body.namedChildren.flatMap((c) => {
        if (c!.type === "comment") return [];
        if (c!.type !== "case_statement") {
          return this.#body.error(c!, "a statement before the first case");
        }
        return this.#case(c!, type);
      }));
    return [this.#line(node, `switch (${on.code}) {`), ...indented(lines), {
      indent: 0,
      text: "}",
      from: null,
    }];
  }

  #case(node: Node, type: CType): Line[] {
    const on = node.childForFieldName("value");
    const value = on === null ? null : this.#e.expression(on);
    const head = value === null
      ? "default:"
      : `case ${(isInt(value.type) ? convert(value, type) : value).code}:`;
    const statements = node.namedChildren.filter((c): c is Node =>
      c !== null && c.type !== "comment" && c.id !== on?.id
    );
    return [this.#line(node, head), ...indented(this.#sequence(statements))];
  }

  #return(node: Node): Line[] {
    const [inner] = node.namedChildren.filter((c): c is Node => c !== null && c.type !== "comment");
    if (inner === undefined) return [this.#line(node, "return;")];
    const { fn } = this.#body;
    const out = OUT_PARAMETERS[fn.name];
    const v = this.#e.expression(inner);
    const { result } = fn;
    if (out !== undefined) {
      const name = this.#body.locals.get(fn.params[out.param].name)!.name;
      const b = toBool(v);
      if (b.constant === true) return [this.#line(node, "return null;")];
      if (b.constant === false) return [this.#line(node, `return ${name};`)];
      return [this.#line(node, `return ${inside(b, BIND.or)} ? null : ${name};`)];
    }
    if (result.kind === "void") return [this.#line(node, `return ${v.code};`)];
    return [this.#line(node, `return ${this.#returned(v, result).code};`)];
  }

  /** What a function returns, as its callers expect it: a number, even if it has 64 bits. */
  #returned(v: Value, result: CType): Value {
    if (result.kind === "bool") return toBool(v);
    if (!isWide(result) || !isNumber(v.type)) return convert(v, result);
    return toNumber(isWide(v.type) ? v : convert(v, result));
  }

  #goto(node: Node): Line[] {
    const to = node.childForFieldName("label")!.text;
    const jump = this.#jumps.findLast((j) => j.to === to);
    if (jump === undefined) return this.#body.error(node, `goto ${to} jumps into a block`);
    return [this.#line(node, `${jump.how} ${jump.label};`)];
  }

  #leave(node: Node): Line[] {
    const isBreak = node.type === "break_statement";
    const target = this.#around.findLast((a) => a === "loop" || (isBreak && a === "switch"));
    const from = this.#around.lastIndexOf(target!);
    if (this.#around.slice(from + 1).includes("wrapper")) {
      return this.#body.error(node, `${node.text} out of a block that a goto begins anew`);
    }
    return [this.#line(node, isBreak ? "break;" : "continue;")];
  }
}

/** Calls that only compute. */
const PURE = new Set<string>([...INTEGER_CALLS, "Number", "Math.trunc", "Math.imul"]);

/** Whether a condition calls anything but what computes. */
function doesSomething(code: string): boolean {
  return [...code.matchAll(/([\w$.]+)\(/g)].some(([_, name]) => !PURE.has(name));
}

/** The variable that a statement gives a value, or null. */
function assignedName(node: Node): string | null {
  if (node.type === "assignment_expression" && node.childForFieldName("operator")!.text === "=") {
    const left = node.childForFieldName("left")!;
    return left.type === "identifier" ? left.text : null;
  }
  if (node.type !== "call_expression") return null;
  const primitive = PRIMITIVES[node.childForFieldName("function")!.text];
  const at = primitive?.args.indexOf("=") ?? -1;
  if (at < 0) return null;
  return node.childForFieldName("arguments")!.namedChildren[at]?.text ?? null;
}

function mentions(node: Node, name: string): boolean {
  return node.descendantsOfType("identifier").some((i) => i!.text === name);
}

/** Whether the first statement that mentions a variable gives it its value, and nothing else. */
function firstIsAssignment(statements: readonly Node[], name: string): boolean {
  const first = statements.find((s) => mentions(s, name));
  if (first?.type !== "expression_statement") return false;
  const [inner] = first.namedChildren;
  if (inner === null || inner === undefined || assignedName(inner) !== name) return false;
  const right = inner.childForFieldName("right");
  return right === null || !mentions(right, name);
}

/** Whether a function assigns to a variable at least `times` times. */
export function isAssigned(body: Node, name: string, times: number): boolean {
  let n = 0;
  for (
    const a of body.descendantsOfType([
      "assignment_expression",
      "update_expression",
      "call_expression",
    ])
  ) {
    const left = a!.childForFieldName("left") ?? a!.childForFieldName("argument");
    if (left?.text === name) n++;
    else if (a!.type === "call_expression") {
      if (assignedName(a!) === name) n++;
      if (/for_each/.test(a!.childForFieldName("function")!.text)) n += mentions(a!, name) ? 2 : 0;
      // &variable, to a function that puts its second result there.
      const taken = a!.descendantsOfType("pointer_expression").some((p) => p!.text === `&${name}`);
      if (taken) n += 2;
    }
  }
  return n >= times;
}

export { jumpsTo };
