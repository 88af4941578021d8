/**
 * Access to structures: which field, of which type, and whether the model has it.
 *
 * @module
 */
import { type CType, INT, intType, isInt, pointerTo, typeText, unknown } from "../front/ctype.ts";
import type { Node } from "../front/language.ts";
import { BIASED_FIELDS, CELLS, NAMES, POINTS_TO } from "../primitives.ts";
import { OUTSIDE_FIELDS } from "../outside.ts";
import type { Expressions } from "./body.ts";
import { BIND, inside, type Range, type Value, value } from "./value.ts";

const POSITIVE: Range = [0, 2 ** 31 - 1];

/** Whether a structure is one cell in the model. */
export function isCell(type: CType): boolean {
  return (type.kind === "unknown" || type.kind === "struct") && CELLS.includes(type.name);
}

function structOf(type: CType): string | null {
  const inner = type.kind === "pointer" ? type.to : type;
  return inner.kind === "struct" ? inner.name : null;
}

/** Something that the model does not have: its value, if the table has one. */
function outsideValue(e: Expressions, node: Node, name: string): Value {
  const { value: text, why } = OUTSIDE_FIELDS[name];
  e.body.leaveOut(node, `${name}: ${why}`);
  const code = text ?? "0";
  const more = { outside: true, ...(code === "0" ? { constant: 0 } : {}) };
  if (code === "PAGE_COUNTER_MAX") {
    const type = intType(e.body.tree.bits, false);
    return value(e.body.use(code), BIND.primary, type, { ...more, range: POSITIVE });
  }
  return value(code, BIND.primary, INT, more);
}

/** The field of a structure that `p->f` or `s.f` names. */
export function fieldValue(e: Expressions, node: Node): Value {
  const { body } = e;
  const path = node.text.replace(/\s+/g, "");
  if (path in NAMES) return body.name(body.use(NAMES[path]), unknown(path));
  const object = e.expression(node.childForFieldName("argument")!);
  if (object.outside) return object;
  const name = node.childForFieldName("field")!.text;
  const struct = structOf(object.type);
  if (struct === null) {
    return body.error(
      node,
      `"${path}" is a field of ${typeText(object.type)}, whose definition is not read`,
    );
  }
  if (`${struct}.${name}` in OUTSIDE_FIELDS) return outsideValue(e, node, `${struct}.${name}`);
  const variable = POINTS_TO[`${struct}.${name}`];
  if (variable !== undefined) {
    return body.name(body.use(variable.name), pointerTo({ kind: "struct", name: variable.struct }));
  }
  const field = body.tree.field(struct, name);
  const known = body.model.fields.get(struct);
  if (known === undefined) return body.error(node, `the model has no struct ${struct}`);
  if (!known.has(name)) {
    return body.error(node, `struct ${struct} of the model has no field "${name}"`);
  }
  const type = field?.type ?? unknown(name);
  const base = inside(object, BIND.call);
  // A bit-field that is narrower than an int is promoted to one.
  const isNarrow = field !== null && field.width !== null && field.width < 32;
  const stored: CType = type.kind === "bool" || (isNarrow && isInt(type)) ? INT : type;
  // A cell reads as a signed number of 32 bits.
  const isExact = !isInt(stored) || stored.signed || stored.bits < 32;
  return value(`${base}.${name}`, BIND.call, stored, {
    exact: isExact,
    loaded: true,
    biased: BIASED_FIELDS.includes(`${struct}.${name}`),
    address: `${base}.$${name}`,
  });
}

/** The C type of the field that a value was loaded from: a `bool` is a number in its cell. */
export function storedType(e: Expressions, node: Node): { type: CType; width: number | null } {
  const object = e.expression(node.childForFieldName("argument")!);
  const struct = structOf(object.type);
  const field = struct === null
    ? null
    : e.body.tree.field(struct, node.childForFieldName("field")!.text);
  return { type: field?.type ?? unknown("field"), width: field?.width ?? null };
}

/** `&x`: of a field that is an integer or a pointer its address; of a structure the structure itself. */
export function addressOf(e: Expressions, node: Node): Value {
  const argument = node.childForFieldName("argument")!;
  const v = e.expression(argument);
  if (v.outside) return v;
  if (v.local) return e.body.error(node, `the address of the variable ${argument.text} is taken`);
  const type = pointerTo(v.type);
  const isStruct = v.type.kind === "struct" && !isCell(v.type);
  const isOpaque = v.type.kind === "unknown" && !isCell(v.type);
  if (isStruct || isOpaque || v.address === undefined) return { ...v, type };
  return value(v.address, BIND.call, type, { biased: v.biased });
}
