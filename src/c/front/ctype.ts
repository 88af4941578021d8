/**
 * The types of C, and what integers become in expressions.
 *
 * @module
 */

export interface IntType {
  readonly kind: "int";
  readonly bits: 8 | 16 | 32 | 64;
  readonly signed: boolean;
}
export type CType =
  | IntType
  | { readonly kind: "bool" }
  | { readonly kind: "void" }
  | { readonly kind: "pointer"; readonly to: CType }
  | { readonly kind: "array"; readonly of: CType; readonly length: string }
  | { readonly kind: "function"; readonly result: CType; readonly params: readonly CType[] }
  | { readonly kind: "struct"; readonly name: string }
  /** A type that was not looked up: fine as long as nothing depends on it. */
  | { readonly kind: "unknown"; readonly name: string };

export const VOID: CType = { kind: "void" };
export const BOOL: CType = { kind: "bool" };
export const INT: IntType = { kind: "int", bits: 32, signed: true };
export const UINT: IntType = { kind: "int", bits: 32, signed: false };
export const NULL_TYPE: CType = { kind: "pointer", to: VOID };

export function intType(bits: IntType["bits"], signed: boolean): IntType {
  return { kind: "int", bits, signed };
}

export function pointerTo(to: CType): CType {
  return { kind: "pointer", to };
}

export function unknown(name: string): CType {
  return { kind: "unknown", name };
}

/** Names that are integers without a definition that is read. */
const FIXED: Readonly<Record<string, readonly [IntType["bits"], boolean]>> = {
  u8: [8, false],
  s8: [8, true],
  u16: [16, false],
  s16: [16, true],
  u32: [32, false],
  s32: [32, true],
  u64: [64, false],
  s64: [64, true],
  __u8: [8, false],
  __u16: [16, false],
  __u32: [32, false],
  __u64: [64, false],
  uint8_t: [8, false],
  uint16_t: [16, false],
  uint32_t: [32, false],
  uint64_t: [64, false],
  gfp_t: [32, false],
  slab_flags_t: [32, false],
  pid_t: [32, true],
  umode_t: [16, false],
};
/** Names that are as wide as a word. */
const WORD: Readonly<Record<string, boolean>> = {
  size_t: false,
  ssize_t: true,
  uintptr_t: false,
  intptr_t: true,
  ptrdiff_t: true,
  loff_t: true,
};

/**
 * The arithmetic type that words such as `unsigned long` name, or null; `bits` is the width of a word,
 * and `charSigned` whether a plain `char` has a sign.
 */
export function arithmetic(words: string, bits: 32 | 64, charSigned = true): CType | null {
  if (words === "void") return VOID;
  if (words === "bool" || words === "_Bool") return BOOL;
  if (words in FIXED) return intType(...FIXED[words]);
  if (words in WORD) return intType(bits, WORD[words]);
  const all = words.split(/\s+/);
  if (!all.every((w) => /^(unsigned|signed|long|int|short|char)$/.test(w))) return null;
  const signed = !all.includes("unsigned");
  if (all.includes("char")) return intType(8, signed && (charSigned || all.includes("signed")));
  if (all.includes("short")) return intType(16, signed);
  const longs = all.filter((w) => w === "long").length;
  return intType(longs === 2 ? 64 : longs === 1 ? bits : 32, signed);
}

export function isInt(t: CType): t is IntType {
  return t.kind === "int";
}
export function isNumber(t: CType): boolean {
  return t.kind === "int" || t.kind === "bool";
}
export function isPointer(t: CType): boolean {
  return t.kind === "pointer" || t.kind === "array" || t.kind === "function";
}

/** Integer promotion: what is narrower than `int` becomes `int`. */
export function promote(t: CType): CType {
  if (t.kind === "bool" || (isInt(t) && t.bits < 32)) return INT;
  return t;
}

/** The usual arithmetic conversions: the type in which two operands meet. */
export function usual(a: CType, b: CType): CType {
  const [x, y] = [promote(a), promote(b)];
  if (!isInt(x)) return isInt(y) ? y : x;
  if (!isInt(y)) return x;
  if (x.signed === y.signed) return x.bits >= y.bits ? x : y;
  const [s, u] = x.signed ? [x, y] : [y, x];
  return u.bits >= s.bits ? u : s;
}

export function sameType(a: CType, b: CType): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A type as C writes it, for messages. */
export function typeText(t: CType): string {
  switch (t.kind) {
    case "int":
      return `${t.signed ? "s" : "u"}${t.bits}`;
    case "bool":
    case "void":
      return t.kind;
    case "pointer":
      return `${typeText(t.to)} *`;
    case "array":
      return `${typeText(t.of)}[${t.length}]`;
    case "function":
      return `${typeText(t.result)} (${t.params.map(typeText).join(", ")})`;
    case "struct":
      return `struct ${t.name}`;
    case "unknown":
      return t.name;
  }
}
