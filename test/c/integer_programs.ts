/**
 * Small C functions of integers, and what they come to by the C standard: with BigInts, written apart
 * from the translator. Signed sums wrap, as the kernel is compiled (-fno-strict-overflow).
 */

export interface CInt {
  readonly name: string;
  readonly bits: number;
  readonly signed: boolean;
}
/** A value with its type. */
interface Typed {
  readonly n: bigint;
  readonly type: CInt;
}
type Eval = (env: ReadonlyMap<string, Typed>) => Typed;
interface Expr {
  readonly text: string;
  readonly run: Eval;
}
/** A function `f`, and what it returns for these arguments. */
export interface Program {
  readonly text: string;
  readonly params: readonly CInt[];
  readonly run: (args: readonly bigint[]) => Typed;
}

const int: CInt = { name: "int", bits: 32, signed: true };

export function types(long: 32 | 64): CInt[] {
  const of = (name: string, bits: number, signed: boolean) => ({ name, bits, signed });
  return [
    of("bool", 1, false),
    of("u8", 8, false),
    of("s8", 8, true),
    of("u16", 16, false),
    of("s16", 16, true),
    int,
    of("unsigned int", 32, false),
    of("long", long, true),
    of("unsigned long", long, false),
    of("size_t", long, false),
    of("long long", 64, true),
    of("u64", 64, false),
    of("s64", 64, true),
  ];
}

export function convert(n: bigint, type: CInt): bigint {
  if (type.name === "bool") return n === 0n ? 0n : 1n;
  return type.signed ? BigInt.asIntN(type.bits, n) : BigInt.asUintN(type.bits, n);
}

function promote({ n, type }: Typed): Typed {
  return type.bits < 32 ? { n, type: int } : { n, type };
}

function common(a: CInt, b: CInt): CInt {
  if (a.signed === b.signed) return a.bits >= b.bits ? a : b;
  const [s, u] = a.signed ? [a, b] : [b, a];
  return u.bits >= s.bits ? u : s;
}

const SUMS: Readonly<Record<string, (x: bigint, y: bigint) => bigint>> = {
  "+": (x, y) => x + y,
  "-": (x, y) => x - y,
  "*": (x, y) => x * y,
  "/": (x, y) => x / y,
  "%": (x, y) => x % y,
  "&": (x, y) => x & y,
  "|": (x, y) => x | y,
  "^": (x, y) => x ^ y,
};
const TESTS: Readonly<Record<string, (x: bigint, y: bigint) => boolean>> = {
  "<": (x, y) => x < y,
  ">": (x, y) => x > y,
  "<=": (x, y) => x <= y,
  ">=": (x, y) => x >= y,
  "==": (x, y) => x === y,
  "!=": (x, y) => x !== y,
};

function operate(op: string, left: Typed, right: Typed): Typed {
  const [a, b] = [promote(left), promote(right)];
  if (op === "<<") return { n: convert(a.n << b.n, a.type), type: a.type };
  if (op === ">>") return { n: a.n >> b.n, type: a.type };
  const type = common(a.type, b.type);
  const [x, y] = [convert(a.n, type), convert(b.n, type)];
  if (op in TESTS) return { n: TESTS[op](x, y) ? 1n : 0n, type: int };
  return { n: convert(SUMS[op](x, y), type), type };
}

const LITERALS = [
  "0",
  "1",
  "2",
  "7",
  "12",
  "4096",
  "65535",
  "2147483647",
  "2147483648",
  "4294967295",
  "4294967296",
  "0x80000000",
  "0xffffffff",
  "0x100000000",
  "0x7fffffffffffffff",
  "0xffffffffffffffff",
  "0x9e3779b97f4a7c15",
];

/** The type that C gives a constant. */
function literal(text: string, suffix: string, long: 32 | 64): Typed {
  const n = BigInt(text);
  const widths = suffix.includes("LL") ? [64] : suffix.includes("L") ? [long, 64] : [32, long, 64];
  for (const bits of widths) {
    for (const signed of [true, false]) {
      if (signed ? suffix.includes("U") : text[1] !== "x" && !suffix.includes("U")) continue;
      if (n < 1n << BigInt(signed ? bits - 1 : bits)) {
        return { n, type: { name: "", bits, signed } };
      }
    }
  }
  return { n, type: { name: "", bits: 64, signed: false } };
}

/** Makes programs out of a row of numbers. */
export class Writer {
  #at = 0;
  readonly #types: CInt[];

  constructor(readonly choices: readonly number[], readonly long: 32 | 64) {
    this.#types = types(long);
  }

  #choose(n: number): number {
    return this.#at < this.choices.length ? this.choices[this.#at++] % n : 0;
  }

  #pick<T>(of: readonly T[]): T {
    return of[this.#choose(of.length)];
  }

  #leaf(names: readonly string[]): Expr {
    if (this.#choose(3) > 0) {
      const name = this.#pick(names);
      return { text: name, run: (env) => env.get(name)! };
    }
    const text = this.#pick(LITERALS);
    const suffix = this.#pick(["", "U", "L", "UL", "ULL", "LL"]);
    const value = literal(text, suffix, this.long);
    return { text: text + suffix, run: () => value };
  }

  #expr(names: readonly string[], depth: number): Expr {
    const how = depth === 0 ? 0 : this.#choose(10);
    if (how < 2) return this.#leaf(names);
    const a = this.#expr(names, depth - 1);
    if (how === 2) {
      const type = this.#pick(this.#types);
      return {
        text: `(${type.name})(${a.text})`,
        run: (env) => ({ n: convert(a.run(env).n, type), type }),
      };
    }
    if (how === 3) return this.#unary(a);
    if (how === 4) return this.#shift(a);
    if (how === 5) return this.#conditional(names, a, depth);
    return this.#binary(names, a, depth);
  }

  #unary(a: Expr): Expr {
    const op = this.#pick(["-", "~", "!"]);
    const zero: Typed = { n: 0n, type: int };
    const minusOne: Typed = { n: -1n, type: int };
    return {
      text: `${op}(${a.text})`,
      run(env) {
        if (op === "!") return operate("==", a.run(env), zero);
        return operate(op === "-" ? "-" : "^", op === "-" ? zero : minusOne, a.run(env));
      },
    };
  }

  #shift(a: Expr): Expr {
    const [op, by] = [this.#pick(["<<", ">>"]), this.#choose(32)];
    const n: Typed = { n: BigInt(by), type: int };
    return { text: `((${a.text}) ${op} ${by})`, run: (env) => operate(op, a.run(env), n) };
  }

  #conditional(names: readonly string[], a: Expr, depth: number): Expr {
    const [b, c] = [this.#expr(names, depth - 1), this.#expr(names, depth - 1)];
    return {
      text: `((${a.text}) ? (${b.text}) : (${c.text}))`,
      run(env) {
        const [x, y] = [promote(b.run(env)), promote(c.run(env))];
        const type = common(x.type, y.type);
        return { n: convert(a.run(env).n !== 0n ? x.n : y.n, type), type };
      },
    };
  }

  #binary(names: readonly string[], a: Expr, depth: number): Expr {
    const b = this.#expr(names, depth - 1);
    const op = this.#pick([
      "+",
      "-",
      "*",
      "&",
      "|",
      "^",
      "<",
      ">",
      "<=",
      ">=",
      "==",
      "!=",
      "/",
      "%",
    ]);
    if (op !== "/" && op !== "%") {
      return {
        text: `((${a.text}) ${op} (${b.text}))`,
        run: (env) => operate(op, a.run(env), b.run(env)),
      };
    }
    const [seven, one]: Typed[] = [{ n: 7n, type: int }, { n: 1n, type: int }];
    return {
      text: `((${a.text}) ${op} (((${b.text}) & 7) + 1))`,
      run: (env) => operate(op, a.run(env), operate("+", operate("&", b.run(env), seven), one)),
    };
  }

  /** A function with two variables, of which one changes. */
  program(): Program {
    const params = ["a", "b", "c"].map(() => this.#pick(this.#types));
    const [x, y, result] = [0, 1, 2].map(() => this.#pick(this.#types));
    const first = this.#expr(["a", "b", "c"], 3);
    const names = ["a", "b", "c", "x"];
    const second = this.#expr(names, 2);
    const op = this.#pick(["+", "-", "*", "&", "|", "^"]);
    const third = this.#expr(names, 2);
    const last = this.#expr([...names, "y"], 3);
    const head = params.map(({ name }, i) => `${name} ${"abc"[i]}`).join(", ");
    return {
      params,
      text: `${result.name} f(${head})
{
	${x.name} x = ${first.text};
	${y.name} y = ${second.text};

	x ${op}= ${third.text};
	return ${last.text};
}
`,
      run(args) {
        const env = new Map(
          params.map((type, i) => ["abc"[i], { n: convert(args[i], type), type }]),
        );
        const put = (name: string, type: CInt, { n }: Typed) =>
          env.set(name, { n: convert(n, type), type });
        put("x", x, first.run(env));
        put("y", y, second.run(env));
        put("x", x, operate(op, env.get("x")!, third.run(env)));
        return { n: convert(last.run(env).n, result), type: result };
      },
    };
  }
}
