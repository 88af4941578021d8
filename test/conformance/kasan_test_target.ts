/** The cases of kasan_test_cases.ts as operations: the part of a case, and the expectation to run. */
import { int, type OpDefinition, type Target } from "../../src/prog/target.ts";
import { CASES, runPart } from "./kasan_test_cases.ts";

/** Expectation number for "none of them". */
export const NONE = 99;

const ops: Record<string, OpDefinition> = {};
for (const [name, parts] of Object.entries(CASES)) {
  ops[name] = {
    doc: `${name}() of mm/kasan/kasan_test_c.c.`,
    args: [int("part", 0, 1), int("expectation", 0, NONE)],
    run: (part: number, n: number) => runPart(parts[part], n, 0),
  };
}

const target: Target = { name: "kasan-test", doc: "mm/kasan/kasan_test_c.c", ops };
export default target;
