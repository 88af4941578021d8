/**
 * Calls that are more than a call of a function by another name.
 *
 * @module
 */
import {
  BOOL,
  type CType,
  INT,
  type IntType,
  isInt,
  isPointer,
  pointerTo,
  promote,
  unknown,
  usual,
  VOID,
} from "../front/ctype.ts";
import type { Node } from "../front/language.ts";
import { typeOfWord } from "../front/legible.ts";
import type { Expressions } from "./body.ts";
import { addressOf } from "./fields.ts";
import { unary } from "./operators.ts";
import {
  BIND,
  condition,
  constant,
  convert,
  exact,
  inside,
  isWide,
  rangeOf,
  toCell,
  type Value,
  value,
  wideCall,
} from "./value.ts";

type Idiom = (e: Expressions, node: Node, args: readonly Node[]) => Value;

/** The type that a word stands for: `struct_obj_cgroup`, `unsigned_int`. */
export function typeOfArgument(e: Expressions, node: Node): CType {
  const text = typeOfWord(node.text.trim());
  const [, tag] = /^struct (\w+)$/.exec(text) ?? [];
  if (tag !== undefined) return { kind: "struct", name: tag };
  return e.body.tree.typeNamed(text) ?? unknown(text);
}

/** The name of the model's structure, which must be there. */
export function structName(e: Expressions, node: Node, type: CType): string {
  if (type.kind !== "struct") return e.body.error(node, `"${node.text}" is no structure`);
  if (!e.body.model.exports.has(type.name)) {
    return e.body.error(node, `the model has no struct ${type.name}`);
  }
  return e.body.use(type.name);
}

function containerOf(e: Expressions, node: Node, [pointer, type]: readonly Node[]): Value {
  const to = typeOfArgument(e, type);
  const code = `${e.body.use("container_of")}(${e.expression(pointer).code}, ${
    structName(e, node, to)
  })`;
  return value(code, BIND.call, pointerTo(to));
}

/** `likely(x)`. */
const same: Idiom = (e, _node, [x]) => e.expression(x);

function comparison(name: "max" | "min"): Idiom {
  return (e, _node, args) => {
    const [a, b] = args.slice(-2).map((x) => exact(e.expression(x)));
    return extreme(
      name,
      a,
      b,
      args.length === 3 ? typeOfArgument(e, args[0]) : usual(a.type, b.type),
    );
  };
}

function extreme(name: "max" | "min", a: Value, b: Value, type: CType): Value {
  const [x, y] = [convert(a, type), convert(b, type)];
  const [r, s] = [rangeOf(x), rangeOf(y)];
  if (isWide(type) && (r === null || s === null)) {
    return { ...wideCall(`${name}64`, [x, y], type), exact: true };
  }
  const range = isWide(type)
    ? [Math[name](r![0], s![0]), Math[name](r![1], s![1])] as const
    : undefined;
  return value(`Math.${name}(${x.code}, ${y.code})`, BIND.call, type, { range });
}

/** `clamp(n, least, most)`. */
const clamp: Idiom = (e, _node, args) => {
  const [n, least, most] = args.slice(-3).map((x) => exact(e.expression(x)));
  const type = args.length === 4 ? typeOfArgument(e, args[0]) : usual(n.type, least.type);
  return extreme("min", extreme("max", n, least, type), most, type);
};

/** `abs(n)`: of a type that has a sign. */
const absolute: Idiom = (e, node, [x]) => {
  const v = exact(e.expression(x));
  if (!isInt(v.type)) return e.body.error(node, `"${x.text}" is no integer`);
  const type = promote(v.type) as IntType;
  const from = convert(v, type);
  if (isWide(type) && rangeOf(from) === null) return wideCall("abs64", [from], type);
  const range = isWide(type) ? [0, Math.max(...rangeOf(from)!.map(Math.abs))] as const : undefined;
  return value(`Math.abs(${from.code})`, BIND.call, type, { range });
};

/** WARN_ON(): its value is the condition, which the model's function does not return. */
function warning(e: Expressions, node: Node, [x, format]: readonly Node[]): Value {
  const test = condition(e.expression(x));
  const text = format?.type === "string_literal"
    ? format.text.replace(/\\n"$/, '"')
    : JSON.stringify(x.text);
  if (node.parent?.type === "expression_statement") {
    return value(`${e.body.use("WARN_ON_ONCE")}(${test.code}, ${text})`, BIND.call, VOID);
  }
  e.body.helpers.add("warned");
  e.body.use("WARN_ON_ONCE");
  return value(`warned(${test.code}, ${text})`, BIND.call, BOOL);
}

function perCpu(e: Expressions, node: Node, [variable, cpu]: readonly Node[]): Value {
  const v = e.expression(variable);
  const type = v.type.kind === "pointer" ? v.type.to : v.type;
  if (type.kind !== "struct") {
    return e.body.error(node, `"${variable.text}" is no variable of every CPU`);
  }
  return value(`${inside(v, BIND.call)}[${e.expression(cpu).code}]`, BIND.call, type);
}

/** `per_cpu_ptr(&variable, cpu)`; with a pointer to integers, a counter of a percpu_ref. */
function perCpuPointer(e: Expressions, node: Node, args: readonly Node[]): Value {
  const v = e.expression(args[0]);
  if (isPointer(v.type) && v.type.kind === "pointer" && v.type.to.kind === "int") {
    const index = e.expression(args[1]).code;
    const address = `${e.body.use("element")}(${inside(v, BIND.call)}.$c, ${index})`;
    return value(address, BIND.call, v.type);
  }
  const object = perCpu(e, node, args);
  return { ...object, type: pointerTo(object.type) };
}

function thisCpuPointer(e: Expressions, node: Node, [variable]: readonly Node[]): Value {
  const v = e.expression(variable);
  if (v.type.kind !== "pointer" || v.type.to.kind !== "struct") {
    return e.body.error(node, `"${variable.text}" is no variable of every CPU`);
  }
  return value(`${e.body.use("this_cpu_ptr")}(${v.code})`, BIND.call, v.type);
}

/** `this_cpu_add(*counters, n)`: the counters of a percpu_ref. */
function thisCpuAdd(sign: "" | "-"): Idiom {
  return (e, node, [counter, n]) => {
    if (counter.type !== "pointer_expression") {
      return e.body.error(node, "only *pointer is understood here");
    }
    const pointer = e.expression(counter.childForFieldName("argument")!);
    for (const name of ["this_cpu_add", "regs", "CPU"]) e.body.use(name);
    const to = pointer.type.kind === "pointer" ? pointer.type.to : INT;
    const one = n === undefined ? constant(1, INT) : e.expression(n);
    // What is subtracted is brought into the type of the counter before it changes its sign.
    const by = sign === "-" ? unary("-", isWide(one.type) ? one : convert(one, to)) : one;
    if (typeof by === "string") return e.body.error(node, by);
    const added = isWide(to) ? toCell(by) : isWide(by.type) ? convert(by, to) : by;
    return value(
      `this_cpu_add(${inside(pointer, BIND.call)}.$c, regs[CPU], ${added.code})`,
      BIND.call,
      VOID,
    );
  };
}

/** `kzalloc(sizeof(*p), gfp)`: the model allocates structures by their types. */
function allocate(e: Expressions, node: Node, [size, gfp]: readonly Node[]): Value {
  if (size.type !== "sizeof_expression") {
    return e.body.error(node, "only memory for one structure is modelled");
  }
  const type = sizeofType(e, size);
  const code = `${e.body.use("kzalloc")}(${structName(e, node, type)}, ${e.expression(gfp).code})`;
  return value(code, BIND.call, pointerTo(type));
}

/** What `sizeof` is asked about: `sizeof(struct x)`, `sizeof(*p)`. */
function sizeofType(e: Expressions, node: Node): CType {
  const named = node.childForFieldName("type");
  if (named !== null) {
    const [, tag] = /^(?:struct\s+)(\w+)$/.exec(named.text) ?? [];
    return tag === undefined ? typeOfArgument(e, named) : { kind: "struct", name: tag };
  }
  return e.expression(node.childForFieldName("value")!).type;
}

/** `kfree_rcu(p, member)`. */
function freeLater(e: Expressions, _node: Node, [pointer, member]: readonly Node[]): Value {
  const p = e.expression(pointer);
  return value(
    `${e.body.use("kfree_rcu")}(${inside(p, BIND.call)}.${member.text})`,
    BIND.call,
    VOID,
  );
}

/** `wait_event_lock_irq(queue, !p->f, lock)`: the model's waiter waits for the field. */
function waitFor(e: Expressions, node: Node, [_queue, test, ...lock]: readonly Node[]): Value {
  const [field] = test.descendantsOfType("field_expression");
  const address = field ? e.expression(field).address : undefined;
  if (address === undefined) return e.body.error(node, "it waits for something that is no field");
  const name = lock.length > 0 ? "wait_event_lock_irq" : "wait_event";
  const locks = lock.map((l) => `, ${inside(addressOfName(e, l), BIND.call)}`).join("");
  const code = `${e.body.use(name)}(${address}, () => ${
    condition(e.expression(test)).code
  }${locks})`;
  return value(code, BIND.call, VOID);
}

function addressOfName(e: Expressions, node: Node): Value {
  return node.type === "pointer_expression" ? addressOf(e, node) : e.expression(node);
}

function init(e: Expressions, _node: Node, [work, f]: readonly Node[]): Value {
  const w = inside(e.expression(work), BIND.call);
  return value(`${e.body.use("INIT_WORK")}(${w}.work, ${e.expression(f).code})`, BIND.call, VOID);
}

/** An allocation of something that the model does not have: it can fail. */
function mayFail({ body }: Expressions): Value {
  const [test, gfp, error] = ["kmalloc_may_fail", "GFP_KERNEL", "ENOMEM"].map((n) => body.use(n));
  return value(`${test}(${gfp}) ? 0 : -${error}`, BIND.conditional, INT);
}

/** `refcount_t` and its kin keep their names; the rest is here. */
export const IDIOMS: Readonly<Record<string, Idiom>> = {
  likely: same,
  unlikely: same,
  // A pointer that holds an error is the negative number itself.
  ERR_PTR: same,
  PTR_ERR: same,
  ERR_CAST: same,
  container_of: containerOf,
  list_entry: containerOf,
  max: comparison("max"),
  min: comparison("min"),
  max_t: comparison("max"),
  min_t: comparison("min"),
  clamp: clamp,
  clamp_t: clamp,
  abs: absolute,
  WARN_ON: warning,
  WARN_ON_ONCE: warning,
  WARN_ONCE: warning,
  WARN: warning,
  BUG_ON: (e, _node, [x]) =>
    value(`${e.body.use("BUG_ON")}(${condition(e.expression(x)).code})`, BIND.call, VOID),
  per_cpu: perCpu,
  per_cpu_ptr: perCpuPointer,
  this_cpu_ptr: thisCpuPointer,
  this_cpu_add: thisCpuAdd(""),
  this_cpu_sub: thisCpuAdd("-"),
  this_cpu_inc: thisCpuAdd(""),
  kzalloc: allocate,
  kfree_rcu: freeLater,
  wait_event: waitFor,
  wait_event_lock_irq: waitFor,
  INIT_RCU_WORK: init,
  alloc_shrinker_info: mayFail,
  smp_processor_id: (e) => value(`${e.body.use("smp_processor_id")}()`, BIND.call, INT),
};
