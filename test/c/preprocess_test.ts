/** The preprocessor: which lines are compiled, and which macros there are. */
import { assertEquals, assertThrows } from "@std/assert";
import { configuration } from "../../src/c/front/config.ts";
import { CError } from "../../src/c/front/error.ts";
import { preprocess } from "../../src/c/front/preprocess.ts";

function lines(text: string, choice = {}): string[] {
  return preprocess(text, "lib/pot.c", configuration(choice)).text.split("\n");
}

Deno.test("preprocess() keeps what a configuration compiles, and every line in its place", () => {
  const text = `int a;
#ifdef CONFIG_SMP
int smp;
#else
int up;
#endif
#if defined(CONFIG_MEMCG) && !IS_ENABLED(CONFIG_FLATMEM)
int memcg;
#elif 1
int never;
#endif
int z;`;
  assertEquals(lines(text), [
    "int a;",
    "",
    "int smp;",
    "",
    "",
    "",
    "",
    "int memcg;",
    "",
    "",
    "",
    "int z;",
  ]);
});

Deno.test("preprocess() knows the preemption model and the width of a word", () => {
  const text =
    "#ifdef CONFIG_PREEMPT_RT\nint rt;\n#endif\n#if BITS_PER_LONG == 64\nint wide;\n#endif";
  assertEquals(lines(text).join(""), "");
  assertEquals(lines(text, { preempt: "rt" })[1], "int rt;");
  assertEquals(lines(text, { bits: 64 })[4], "int wide;");
  // Conditions have 64 bits with both.
  assertEquals(
    lines("#if (1 << 40 | 1) > 0xffffffff && ~0 < 0\nint large;\n#endif")[1],
    "int large;",
  );
});

Deno.test("preprocess() nests, and does not evaluate what is inside of a branch that is off", () => {
  const text = "#if 0\n#if this is no condition\n#else\nint a;\n#endif\n#else\nint b;\n#endif";
  assertEquals(lines(text).filter((l) => l !== ""), ["int b;"]);
});

Deno.test("preprocess() collects macros with their parameters; comments are blank", () => {
  const text = `#define SIZE 64U /* big */
#define MAX(a, b) \\
	((a) > (b) ? (a) : (b))
#define GONE 1
#undef GONE
int a; // the first
char *s = "/* no comment */";`;
  const { macros, text: kept } = preprocess(text, "lib/pot.c", configuration());
  assertEquals([...macros.keys()], ["SIZE", "MAX"]);
  assertEquals(macros.get("SIZE")!.body, "64U");
  assertEquals(macros.get("MAX")!.params, ["a", "b"]);
  assertEquals(macros.get("MAX")!.line, 2);
  assertEquals(kept.split("\n").slice(-2), [
    "int a;             ",
    'char *s = "/* no comment */";',
  ]);
});

Deno.test("preprocess() uses macros of the file in conditions", () => {
  const text = "#define LEVELS 4\n#if LEVELS > 3 && (LEVELS << 1) == 8\nint deep;\n#endif";
  assertEquals(lines(text)[2], "int deep;");
});

Deno.test("preprocess() names the line of what is wrong", () => {
  const error = assertThrows(() => lines("int a;\n#if 1 +\n#endif"), CError);
  assertEquals(error.message, 'lib/pot.c:2:1: Cannot evaluate #if: "" in the condition');
  assertThrows(() => lines("#endif"), CError, "lib/pot.c:1:1: #endif without #if");
  assertThrows(() => lines("\n#ifdef A\n"), CError, "lib/pot.c:2:1: #if without #endif");
});
