/**
 * Declarations: from syntax to names with types.
 *
 * @module
 */
import { type CType, pointerTo, unknown } from "./ctype.ts";
import type { Node } from "./language.ts";

/** What names of types stand for. */
export interface TypeNames {
  /** The type that words such as `unsigned long`, or a `typedef`, name; null if there is none. */
  readonly typeNamed: (words: string) => CType | null;
  /** The type of an enumeration with this tag. */
  readonly enumeration: (tag: string | undefined) => CType;
}

/** A name with its type, and the syntax of its initialiser. */
export interface Declared {
  readonly name: string;
  readonly type: CType;
  /** Bits of a bit-field, or null. */
  readonly width: number | null;
  readonly value: Node | null;
  readonly node: Node;
}

/** The type that the words before the declarators name. */
export function baseType(node: Node, names: TypeNames): CType {
  switch (node.type) {
    case "primitive_type":
    case "sized_type_specifier":
    case "type_identifier":
      return names.typeNamed(node.text.replace(/\s+/g, " ")) ?? unknown(node.text);
    case "struct_specifier":
    case "union_specifier": {
      const tag = node.childForFieldName("name")?.text;
      return { kind: "struct", name: tag ?? `(line ${node.startPosition.row})` };
    }
    case "enum_specifier":
      return names.enumeration(node.childForFieldName("name")?.text);
    default:
      return unknown(node.text);
  }
}

/** Parameters of a function. */
export function parameters(list: Node, names: TypeNames): Declared[] {
  return list.namedChildren.filter((p) => p!.type === "parameter_declaration").map((p) => {
    const declarator = p!.childForFieldName("declarator");
    const base = baseType(p!.childForFieldName("type")!, names);
    return declarator === null
      ? { name: "", type: base, width: null, value: null, node: p! }
      : declared(declarator, base, names);
  }).filter(({ type, name }) => type.kind !== "void" || name !== "");
}

/** Follow a declarator from the outside in. */
export function declared(node: Node, type: CType, names: TypeNames): Declared {
  const inner = node.childForFieldName("declarator");
  switch (node.type) {
    case "identifier":
    case "field_identifier":
    case "type_identifier":
      return { name: node.text, type, width: null, value: null, node };
    case "init_declarator":
      return { ...declared(inner!, type, names), value: node.childForFieldName("value") };
    case "pointer_declarator":
    case "abstract_pointer_declarator":
      return follow(inner, pointerTo(type), node, names);
    case "array_declarator":
    case "abstract_array_declarator": {
      const length = node.childForFieldName("size")?.text ?? "";
      return follow(inner, { kind: "array", of: type, length }, node, names);
    }
    case "function_declarator":
    case "abstract_function_declarator": {
      const params = parameters(node.childForFieldName("parameters")!, names).map((p) => p.type);
      return follow(inner, { kind: "function", result: type, params }, node, names);
    }
    case "parenthesized_declarator":
    case "abstract_parenthesized_declarator":
      return follow(node.namedChildren[0], type, node, names);
    default:
      return { name: "", type: unknown(node.text), width: null, value: null, node };
  }
}

function follow(inner: Node | null, type: CType, node: Node, names: TypeNames): Declared {
  if (inner !== null) return declared(inner, type, names);
  return { name: "", type, width: null, value: null, node };
}

/** All names of a declaration or of a line of a structure. */
export function declaration(node: Node, names: TypeNames): Declared[] {
  const type = node.childForFieldName("type");
  if (type === null) return [];
  const base = baseType(type, names);
  const width = node.namedChildren.find((c) => c!.type === "bitfield_clause")?.namedChildren[0];
  return node.childrenForFieldName("declarator").filter((d) => d !== null)
    .map((d) => ({ ...declared(d!, base, names), width: width ? Number(width!.text) : null }));
}

/** The type of a type name: `sizeof(TYPE)`, `(TYPE)x`. */
export function typeOfDescriptor(node: Node, names: TypeNames): CType {
  const base = baseType(node.childForFieldName("type")!, names);
  const declarator = node.childForFieldName("declarator");
  return declarator === null ? base : declared(declarator, base, names).type;
}

/** A field of a structure. */
export interface Field {
  readonly name: string;
  readonly type: CType;
  readonly width: number | null;
}

/** The fields of a structure; those of structures and unions without a name are its own. */
export function fieldsOf(body: Node, names: TypeNames): Field[] {
  return body.namedChildren.filter((c) => c!.type === "field_declaration").flatMap((line) => {
    const all = declaration(line!, names);
    if (all.length > 0) return all.map(({ name, type, width }) => ({ name, type, width }));
    const inner = line!.childForFieldName("type")?.childForFieldName("body");
    return inner ? fieldsOf(inner, names) : [];
  });
}
