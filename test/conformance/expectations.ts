/**
 * Expressions that must be reported. A report ends an execution, so every expression runs in an
 * execution of its own. One more execution leaves all of them out; nothing may be reported then.
 */
import type { Machine } from "../machine/harness.ts";
import { int, type OpDefinition, type Target } from "../../src/prog/target.ts";

let wanted = -1;
let seen = 0;

/** Run an expression if it is the one that this execution is for. */
export function FAILS(expression: () => unknown): void {
  if (seen++ === wanted) expression();
}

/** The number of an expectation that runs none of the expressions. */
export const NONE = 99;

/**
 * Cases by name. A case that waits for deferred work has several parts; each part is an operation.
 */
export type Cases = Readonly<Record<string, readonly (() => void)[]>>;

/** Run one part of a case with expectation `n`; returns the number of its expectations. */
function runPart(part: () => void, n: number): number {
  wanted = n;
  seen = 0;
  part();
  return seen;
}

/** The cases as operations, whose arguments are the part of the case and the expectation. */
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
 * The results of the expectations of a case, which must be the same under every preemption model:
 * `3 reports: ` and the titles, shortened by `name`; or `silent` if nothing is expected.
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
