/**
 * Conformance tables: the kernel's own self-tests of a detector, one row for each case.
 *
 * The cases of the kernel's suites are written anew for the model; their expected results are those
 * of the kernel. The whole table is compared with a golden file, so that a case that is dropped, or
 * that does not apply any more, is a visible change. Every row is a test of its own.
 */
import { assertEquals } from "@std/assert";

/** A case of a suite that applies to the model. */
export interface Applicable {
  /** The name of the case in the kernel. */
  readonly name: string;
  /** What the kernel's suite expects of its detector. */
  readonly expected: string;
  /** Run the case; returns what the sanitizer shows. */
  observe(): string;
}

/** A case that does not apply, and why. */
export interface Inapplicable {
  readonly name: string;
  readonly reason: string;
}

/** A suite of the kernel. */
export interface Suite {
  /** The sanitizer that the suite tests. */
  readonly detector: string;
  /** The suite's file in the kernel tree, which is also its name. */
  readonly suite: string;
  readonly cases: readonly (Applicable | Inapplicable)[];
}

function applies(c: Applicable | Inapplicable): c is Applicable {
  return "expected" in c;
}

function align(rows: readonly (readonly string[])[]): string[] {
  const width = (i: number) => Math.max(...rows.map((r) => r[i].length));
  const widths = rows[0].map((_, i) => width(i));
  return rows.map((r) => r.map((c, i) => c.padEnd(widths[i])).join("  ").trimEnd());
}

/** The table as text. */
export function tableOf(s: Suite, observed: ReadonlyMap<string, string>): string {
  const yes = s.cases.filter(applies);
  const no = s.cases.filter((c): c is Inapplicable => !applies(c));
  const rows = [
    ["suite", "case", "expected", "observed"],
    ...yes.map((c) => [s.suite, c.name, c.expected, observed.get(c.name) ?? "not run"]),
  ];
  const agree = yes.filter((c) => observed.get(c.name) === c.expected).length;
  return [
    `${s.detector}: ${s.suite}, ${agree} of ${yes.length} cases as expected, ` +
    `${no.length} do not apply`,
    "",
    ...align(rows),
    ...(no.length === 0 ? [] : [
      "",
      "Do not apply:",
      ...align(no.map((c) => [s.suite, c.name, c.reason])),
    ]),
  ].join("\n") + "\n";
}

/** The file of a suite's table. */
export function tableUrl(s: Pick<Suite, "suite">): URL {
  const name = s.suite.replaceAll("/", "_").replace(/\.c$/, "");
  return new URL(`./tables/${name}.txt`, import.meta.url);
}

/** Register the tests of a suite: each case; names are unique; the table is that of the file. */
export function conformance(s: Suite): void {
  const observed = new Map<string, string>();
  for (const c of s.cases.filter(applies)) {
    Deno.test(`${s.suite}: ${c.name}`, () => {
      const o = c.observe();
      observed.set(c.name, o);
      assertEquals(o, c.expected);
    });
  }
  Deno.test(`${s.suite}: case names are unique, and the table is that of the golden file`, () => {
    const names = s.cases.map((c) => c.name);
    assertEquals(names.length, new Set(names).size, "a case is there twice");
    const table = tableOf(s, observed);
    if (Deno.env.get("UPDATE_GOLDEN") === "1") Deno.writeTextFileSync(tableUrl(s), table);
    assertEquals(table, Deno.readTextFileSync(tableUrl(s)));
  });
}
