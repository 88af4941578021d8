/** Integers of all widths: translated C against the C standard, with 32 and 64 bits in a word. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { readInteger, typeOfInteger } from "../../src/c/front/integer.ts";
import { typeText } from "../../src/c/front/ctype.ts";
import { WIDE_CALLS } from "../../src/c/translate/value.ts";
import * as wide from "../../src/c/wide.ts";
import { RUNS } from "../properties/runs.ts";
import { type CInt, convert, type Program, Writer } from "./integer_programs.ts";
import { modelOf, translated } from "./small_tree.ts";

type Integer = wide.Integer;

/** A number that does not fit where the model puts it. */
function checked(n: Integer, fits: (small: number) => boolean): number {
  const small = Number(wide.s64(n));
  if (!fits(small)) throw new RangeError(`${n} does not fit`);
  return small;
}

/** What a translated function may call; the checks of the machine, without a machine. */
const SCOPE: Readonly<Record<string, unknown>> = {
  ...wide,
  cell64: (n: Integer) => checked(n, (small) => (small | 0) === small),
  number64: (n: Integer) => n,
};

/** As a function of the model passes it. */
function argument(n: bigint, type: CInt): number | boolean {
  const value = convert(n, type);
  if (type.name === "bool") return value !== 0n;
  return Number(type.bits === 64 ? BigInt.asIntN(64, value) : value);
}

type Run = (...args: unknown[]) => unknown;

async function compiled(text: string, params: readonly string[], bits: 32 | 64): Promise<Run> {
  const code = await translated(text, "f", modelOf(), { bits });
  const f = new Function(...Object.keys(SCOPE), ...params, code);
  return (...args) => f(...Object.values(SCOPE), ...args);
}

async function check(program: Program, bits: 32 | 64, rows: readonly (readonly bigint[])[]) {
  const f = await compiled(program.text, ["a", "b", "c"], bits);
  for (const row of rows) {
    const { n, type } = program.run(row);
    const got = BigInt(f(...row.map((arg, i) => argument(arg, program.params[i]))) as Integer);
    // A function of 64 bits returns what is equal modulo 2^64.
    const value = type.bits === 64 ? convert(got, type) : got;
    assertEquals(value, n, `${bits} bits: f(${row.join(", ")}) of\n${program.text}`);
  }
}

const EDGES = [0n, 1n, -1n, 127n, 255n, 65535n, 2n ** 31n, -(2n ** 31n), 2n ** 32n - 1n];
const SAFE = 2n ** 53n - 1n;
const choices = fc.array(fc.nat(1000), { minLength: 20, maxLength: 120 });
const number = fc.oneof(fc.constantFrom(...EDGES), fc.bigInt({ min: -SAFE, max: SAFE }));
const rows = fc.array(fc.tuple(number, number, number), { minLength: 6, maxLength: 6 });

for (const bits of [32, 64] as const) {
  Deno.test(`any function of integers comes to what C comes to, with ${bits} bits`, async () => {
    const property = fc.asyncProperty(
      choices,
      rows,
      (row, args) => check(new Writer(row, bits).program(), bits, args),
    );
    await fc.assert(property, RUNS);
  });
}

/** What an expression is with 64 and with 32 bits in a word; `n` is an `unsigned int`. */
const TABLE: readonly (readonly [c: string, n: number, wide: bigint, narrow: bigint])[] = [
  ["~0UL", 0, 2n ** 64n - 1n, 2n ** 32n - 1n],
  ["-1UL >> 1", 0, 2n ** 63n - 1n, 2n ** 31n - 1n],
  ["(u64)n * n >> 10", 0xffffffff, (0xffffffffn * 0xffffffffn) >> 10n, (0xffffffffn ** 2n) >> 10n],
  ["n * PAGE_SIZE", 1 << 20, 2n ** 32n, 0n],
  ["(long)n", 0xffffffff, 2n ** 32n - 1n, -1n],
  ["(long)-n", 1, 2n ** 32n - 1n, -1n],
  ["-(long)n", 1, -1n, -1n],
  ["(unsigned long)-(int)n", 1, 2n ** 64n - 1n, 2n ** 32n - 1n],
  ["(size_t)n - 1 < n", 0, 0n, 0n],
  ["n - 1 < (long)0", 0, 0n, 0n],
  ["-1L < n", 0, 1n, 0n],
  ["-1 < (size_t)n", 0, 0n, 0n],
  ["LONG_MAX / PAGE_SIZE", 0, 2n ** 51n - 1n, 2n ** 19n - 1n],
  ["min_t(unsigned long, ~0UL, n)", 7, 7n, 7n],
  ["max_t(long, -1, n)", 7, 7n, 7n],
  ["(u8)~0 + 1", 0, 256n, 256n],
  ["1UL << 31 << 1", 0, 2n ** 32n, 0n],
  ["n ? -1 : 0UL", 1, 2n ** 64n - 1n, 2n ** 32n - 1n],
  ["n ?: -1L", 0, -1n, 2n ** 32n - 1n],
  ["sizeof(long) * 8", 0, 64n, 32n],
  ["(u64)n << 40 >> 36", 3, 48n, 48n],
  ["(s64)(n - 1) / 2", 0, 2n ** 31n - 1n, 2n ** 31n - 1n],
  ["((s64)n - 1) / 2", 0, 0n, 0n],
  ["((s64)n - 3) % 2", 0, -1n, -1n],
  ["BIT(31) | n", 1, 2n ** 31n + 1n, 2n ** 31n + 1n],
  ["0xffffffff + 1", 0, 0n, 0n],
  ["4294967295 + 1", 0, 2n ** 32n, 2n ** 32n],
  ["(bool)(n + 1)", 0xffffffff, 0n, 0n],
  ["clamp_t(int, n, -2, 2)", 0xfffffff0, -2n, -2n],
  ["DIV_ROUND_UP((u64)n, 10)", 0xffffffff, 429496730n, 429496730n],
  ["n == -1L", 0xffffffff, 0n, 1n],
];

Deno.test("operands of unlike width and sign meet as C says, with 64 and with 32 bits", async () => {
  for (const [c, n, ...expected] of TABLE) {
    for (const [i, bits] of ([64, 32] as const).entries()) {
      const defines = "#define PAGE_SIZE (1UL << 12)\n#define BITS_PER_LONG 64\n";
      const f = await compiled(
        `${defines}long long f(unsigned int n) { return ${c}; }`,
        ["n"],
        bits,
      );
      const got = BigInt.asIntN(64, BigInt(f(n) as Integer));
      assertEquals(got, BigInt.asIntN(64, expected[i]), `${c} with ${bits} bits`);
    }
  }
});

Deno.test("a constant has the first type that it fits in", () => {
  const type = (text: string, long: 32 | 64) => typeText(typeOfInteger(readInteger(text), long));
  const texts = [
    "1",
    "2147483648",
    "0x80000000",
    "4294967296",
    "1u",
    "1l",
    "1ull",
    "0x8000000000000000",
  ];
  assertEquals(texts.map((t) => type(t, 64)), [
    "s32",
    "s64",
    "u32",
    "s64",
    "u32",
    "s64",
    "u64",
    "u64",
  ]);
  assertEquals(texts.map((t) => type(t, 32)), [
    "s32",
    "s64",
    "u32",
    "s64",
    "u32",
    "s32",
    "u64",
    "u64",
  ]);
});

Deno.test("variables wrap where their type does, before and after a step", async () => {
  const step = (type: string, by: string) =>
    compiled(`u64 f(u64 a) { ${type} x = a; return x${by} * 10 + (x == 0); }`, ["a"], 64);
  assertEquals((await step("unsigned int", "++"))(0xffffffff), 0xffffffff * 10 % 2 ** 32 + 1);
  assertEquals((await step("u16", "--"))(1), 11);
  assertEquals((await step("u64", "--"))(0), 0);
  const below = await compiled("bool f(u64 a) { a--; return a == U64_MAX; }", ["a"], 64);
  assertEquals([below(0), below(1)], [true, false]);
  const loop = await compiled(
    "int f(size_t n) { int i = 0; while (n--) i++; return i; }",
    ["n"],
    64,
  );
  assertEquals(loop(5), 5);
});

Deno.test("a cell of a long takes what it can hold, and nothing is cut off in silence", async () => {
  const store = await compiled("void f(struct pot *p, u64 n) { p->flags = n; }", ["p", "n"], 64);
  const pot: Record<string, number> = { flags: 0 };
  store(pot, 2 ** 31 - 1);
  assertEquals(pot.flags, 2 ** 31 - 1);
  // ULONG_MAX is the -1 that a cell reads as.
  store(pot, -1);
  assertEquals(pot.flags, -1);
  const load = await compiled("bool f(struct pot *p) { return p->flags == ULONG_MAX; }", ["p"], 64);
  assertEquals([load(pot), load({ flags: 2 ** 31 - 1 })], [true, false]);
  for (const n of [2 ** 31, 2 ** 32 - 1, 2 ** 40]) {
    let said = "";
    try {
      store(pot, n);
    } catch (e) {
      said = (e as Error).message;
    }
    assertEquals(said, `${n} does not fit`);
  }
  // With 32 bits it is an unsigned long like any other.
  const narrow = await compiled("void f(struct pot *p, u64 n) { p->flags = n; }", ["p", "n"], 32);
  narrow(pot, 2 ** 32 + 5);
  assertEquals(pot.flags, 5);
});

Deno.test("a variable cannot have the name of what the translation calls", async () => {
  assertEquals(WIDE_CALLS.filter((name) => !(name in SCOPE)), []);
  const f = await compiled("u64 f(u64 low32) { return low32 / 3; }", ["low32_"], 64);
  assertEquals(f(9), 3);
});
