/**
 * Expressions that must be reported. A report ends an execution here, so each of them is run in an
 * execution of its own, and one more execution leaves all of them out: in that one nothing may be
 * reported.
 */
import type { Machine } from "../machine/harness.ts";
import { int, type OpDefinition, type Target } from "../../src/prog/target.ts";

let wanted = -1;
let seen = 0;

/** Run an expression if it is the one that this execution is for. */
export function FAILS(expression: () => unknown): void {
  if (seen++ === wanted) expression();
}

/** Expectation number for "none of them". */
export const NONE = 99;

/** Cases by name: a case that waits for deferred work has several parts, an operation each. */
export type Cases = Readonly<Record<string, readonly (() => void)[]>>;

/** Run one part of a case with expectation `n`; returns how many expectations it has. */
function runPart(part: () => void, n: number): number {
  wanted = n;
  seen = 0;
  part();
  return seen;
}

/** The cases as operations: the part of a case, and the expectation to run. */
export function casesTarget(name: string, suite: string, cases: Cases): Target {
  const ops: Record<string, OpDefinition> = {};
  for (const [op, parts] of Object.entries(cases)) {
    ops[op] = {
      doc: `${op}() of ${suite}.`,
      args: [int("part", 0, 1), int("expectation", 0, NONE)],
      run: (part: number, n: number) => runPart(parts[part], n),
    };
  }
  return { name, doc: suite, ops };
}

/**
 * What the expectations of a case come to, under every preemption model: `3 reports: ` and what
 * `name` makes of their titles; or `silent`, if it has none.
 */
export function observeCase(
  m: Machine,
  op: string,
  parts: number,
  name: (title: string) => string | undefined,
): string {
  const found = new Set<string>();
  let expectations = 0;
  for (const preempt of ["none", "full", "rt"] as const) {
    const once = (n: number) =>
      m.run(Array.from({ length: parts }, (_, p) => `cpu0 ${op}(${p}, ${n})`).join("\n"), {
        preempt,
      });
    const clean = once(NONE);
    if (clean.title !== null) return `reports what is right: ${clean.title}`;
    expectations = clean.returns.reduce((sum, n) => sum + n, 0);
    for (let n = 0; n < expectations; n++) {
      const { title } = once(n);
      const known = title === null ? undefined : name(title);
      if (known === undefined) return `expectation ${n}: ${title ?? "silent"}`;
      found.add(known);
    }
  }
  if (expectations === 0) return "silent";
  return `${expectations} report${expectations === 1 ? "" : "s"}: ${[...found].join(", ")}`;
}
