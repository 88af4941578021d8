/**
 * Wrappers of structures: a class per structure type, compiled with its offsets as constants.
 *
 * A plain property access is a plain load or store, each a schedule point; `$field` is the address of
 * the field.
 *
 * @module
 */
import * as lvalues from "../layout/lvalue.ts";
import * as metaLayout from "../layout/meta.ts";
import * as states from "../layout/shadow_states.ts";
import { views } from "../words/arena.ts";
import { lvalueSource } from "../layout/lvalue.ts";
import { prim } from "../layout/primitives.ts";
import { UNINIT } from "../hooks/uninit.ts";
import { idOf } from "../calls/registry.ts";
import { plainRead, plainWrite } from "../clocks/clock_cells.ts";
import { objects } from "./objects.ts";
import { pointRead, pointWrite } from "./point.ts";
import { isUnwritten } from "./shadow.ts";
import type { Field, Struct } from "./struct_type.ts";
import { functionStored, noteUninitRead, storeUninit, uninitPointer } from "./uninit.ts";

const { mem, KCSAN } = views();
const { LV_FUNCTION, LV_INT, LV_POINTER } = lvalues;
const { CELL_WORDS, META } = metaLayout;
const { GARBAGE, NO_VALUE } = states;

const LOAD = prim("load");
const STORE = prim("store");

/** What kind of value a field holds; see lvalue.ts. */
function valueKind(f: Field): number {
  if (f.kind === "ptr") return LV_POINTER;
  return f.kind === "fn" ? LV_FUNCTION : LV_INT;
}

function accessor(f: Field): string {
  const off = CELL_WORDS * f.offset;
  const address = `get $${f.name}() { return ${lvalueSource(`this.a + ${off}`, valueKind(f))}; }`;
  if (f.kind === "embed") return "";
  if (f.kind === "array" || f.cells > 1) return address;
  const enter = `const a = this.a + ${off};`;
  const readRaces = KCSAN ? `plainRead(${LOAD}, a);` : "";
  const read = `${enter} pointRead(${LOAD}, a); ${readRaces} const v = mem[a];`;
  const write = (v: string) =>
    `${enter} pointWrite(${STORE}, a); const w = ${v};` +
    (KCSAN ? `plainWrite(${STORE}, a, mem[a], w);` : "") + " mem[a] = w;";
  const garbage = `if (w === ${GARBAGE}) storeUninit(a);`;
  switch (f.kind) {
    case "ptr":
      return `get ${f.name}() { ${read} return v === 0 ? null : objects[v] ?? uninitPointer(a); }
        set ${f.name}(p) { ${write("p === null ? 0 : p.a")} ${garbage} } ${address}`;
    case "fn":
      return `get ${f.name}() { ${read} return v === 0 ? null : functionStored(v); }
        set ${f.name}(p) { ${write("p === null ? 0 : idOf(p)")} ${garbage} } ${address}`;
    default:
      return `get ${f.name}() { ${read} return (mem[a + ${META}] & ${NO_VALUE}) !== 0 ? unwritten(a, v) : v; }
        set ${f.name}(v) { ${write("v")} if (v !== v) storeUninit(a); } ${address}`;
  }
}

/** The value of a cell in state UNWRITTEN or POISONED. */
function unwritten(a: number, v: number): number {
  if (!isUnwritten(a)) return v;
  noteUninitRead(a);
  return UNINIT;
}

/** A field was asked for that a structure does not have. */
export class NoField extends TypeError {
  constructor(message: string, readonly field: string) {
    super(message);
  }
}

/**
 * Where the lookup of a field ends that a structure does not have. A mistake there must not become a
 * property of the wrapper, which outlives executions. A lookup that finds its field never comes here.
 */
function noField(type: string, fields: readonly Field[]): object {
  const fail = (name: string): never => {
    const array = fields.find((f) => f.kind !== "embed" && f.cells > 1 && f.name === name);
    throw new NoField(
      array === undefined
        ? `${type} has no field "${name}"; it has ${fields.map((f) => f.name).join(", ")}`
        : `Field "${name}" of ${type} is an array: its address is $${name}`,
      name.replace(/^\$/, ""),
    );
  };
  return new Proxy({}, {
    get(target, name, wrapper) {
      if (typeof name === "string" && !(name in target) && "a" in wrapper) fail(name);
      return Reflect.get(target, name, wrapper);
    },
    set(_, name) {
      return fail(String(name));
    },
  });
}

/** A function that makes wrappers of a structure with these fields. */
export function compileClass(
  name: string,
  fields: readonly Field[],
): (...args: unknown[]) => Struct {
  const embeds = fields.filter((f) => f.kind === "embed");
  const source = `return class ${name.replace(/\W/g, "_")} {
    a; outer; index; type; ${embeds.map((f) => `${f.name};`).join(" ")}
    constructor(a, outer, index, type, parts) {
      this.a = a; this.outer = outer; this.index = index; this.type = type;
      ${
    embeds.map((f, i) => `this.${f.name} = parts[${i}](a + ${CELL_WORDS * f.offset}, this);`).join(
      " ",
    )
  }
      Object.freeze(this);
    }
    ${fields.map(accessor).join("\n")}
  }`;
  const Class = new Function(
    "mem",
    "objects",
    "pointRead",
    "pointWrite",
    "plainRead",
    "plainWrite",
    "functionStored",
    "idOf",
    "storeUninit",
    "uninitPointer",
    "unwritten",
    source,
  )(
    mem,
    objects,
    pointRead,
    pointWrite,
    plainRead,
    plainWrite,
    functionStored,
    idOf,
    storeUninit,
    uninitPointer,
    unwritten,
  );
  // What messages of JavaScript call it.
  Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: name });
  Object.setPrototypeOf(Class.prototype, noField(name, fields));
  return (...args) => new Class(...args);
}
