/** Trees: definitions by name, types, and what is said of a tree that is none. */
import { assertEquals, assertThrows } from "@std/assert";
import { configuration } from "../../src/c/front/config.ts";
import { arithmetic, promote, typeText, usual } from "../../src/c/front/ctype.ts";
import { CError } from "../../src/c/front/error.ts";
import { itemsOf } from "../../src/c/front/items.ts";
import { loadC } from "../../src/c/front/language.ts";
import { legible } from "../../src/c/front/legible.ts";
import { Tree, TreeError } from "../../src/c/front/tree.ts";
import { POT, treeOf } from "./small_tree.ts";

Deno.test("itemsOf() finds definitions, with their lines", () => {
  const text = `struct a { int x; };
enum { FIRST, SECOND = 4 };
typedef void (callback_t)(struct a *);

static DEFINE_SPINLOCK(lock);
static inline bool f(struct a *a)
{
	return a->x == '}';
}
EXPORT_SYMBOL(f);
struct a table[] = { { 1 }, { 2 } };
int g(void) { return 0; }`;
  const found = itemsOf(text).map(({ kind, names, line }) => `${line} ${kind} ${names.join(",")}`);
  assertEquals(found, [
    "1 struct a",
    "2 enum FIRST,SECOND",
    "3 typedef callback_t",
    "5 other ",
    "6 function f",
    "10 other ",
    "11 other ",
    "12 function g",
  ]);
});

Deno.test("a tree gives fields with their types and widths", async () => {
  const tree = await treeOf(POT);
  const fields = tree.fields("pot")!.map((f) => `${f.name}: ${typeText(f.type)}${f.width ?? ""}`);
  assertEquals(fields, [
    "beans: u32",
    "lid: u16",
    "hot: bool",
    "temperature: s32",
    "users: atomic_t",
    "lock: spinlock_t",
    "next: struct pot *",
    "spoons: struct list_head",
    "flags: u32",
    "stirred: bool1",
    "stir: void (struct pot *) *",
  ]);
});

Deno.test("long is as wide as a word; unions without a name give their fields", async () => {
  const c = "struct a { long l; union { u8 b; struct { s16 c; }; }; unsigned long long d; };";
  const types = async (bits: 32 | 64) =>
    (await treeOf(c, { bits })).fields("a")!.map((f) => typeText(f.type)).join(" ");
  assertEquals(await types(32), "s32 u8 s16 u64");
  assertEquals(await types(64), "s64 u8 s16 u64");
});

Deno.test("typedefs and enumerations are looked up", async () => {
  const tree = await treeOf(`typedef u16 lid_t;
enum heat { COLD, WARM = 1 << 4, HOT };
lid_t f(lid_t lid, enum heat heat) { return lid; }`);
  const f = tree.function("f")!;
  assertEquals(f.params.map((p) => typeText(p.type)), ["u16", "u32"]);
  assertEquals(["COLD", "WARM", "HOT"].map((n) => tree.enumerator(n)), [
    "0",
    "1 << 4",
    "(1 << 4) + 1",
  ]);
});

Deno.test("operands meet in C's types", () => {
  const meet = (a: string, b: string, bits: 32 | 64 = 32) =>
    typeText(usual(arithmetic(a, bits)!, arithmetic(b, bits)!));
  assertEquals(typeText(promote(arithmetic("u16", 32)!)), "s32");
  assertEquals(typeText(promote(arithmetic("bool", 32)!)), "s32");
  assertEquals(meet("u8", "s16"), "s32");
  assertEquals(meet("int", "unsigned int"), "u32");
  assertEquals(meet("long", "unsigned int"), "u32");
  assertEquals(meet("long", "unsigned int", 64), "s64");
  assertEquals(meet("u64", "int"), "u64");
});

Deno.test("legible() writes loops and types so that the grammar reads them; columns stay", () => {
  const { text, column } = legible(";\tfor_each_cpu(i) x = container_of(w, struct foo, w);");
  assertEquals(text, ";\twhile (for_each_cpu(i)) x = container_of(w, struct_foo, w);");
  assertEquals(column(0, text.indexOf("for_each")), 2);
  assertEquals(column(0, text.indexOf("i)")), 15);
  assertEquals(
    legible("static __always_inline __printf(1, 2) int f(void);").text.replace(/ +/g, " "),
    "static int f(void);",
  );
});

Deno.test("a function that is no C is an error with its place", async () => {
  const tree = await treeOf("int g(void) { return 1; }\n\nint f(void)\n{\n\treturn 1 +;\n}\n");
  assertEquals(tree.function("g")!.line, 1);
  const error = assertThrows(() => tree.function("f"), CError);
  assertEquals(error.message.split(": Cannot read f()")[0], "lib/pot.c:5:12");
});

Deno.test("a folder that is no kernel tree is refused", async () => {
  const parse = await loadC();
  const make = (files: Record<string, string>) => () =>
    new Tree((path) => files[path] ?? null, parse, configuration());
  assertThrows(make({}), TreeError, "Makefile has no VERSION and PATCHLEVEL");
  const makefile = { Makefile: "VERSION = 6\nPATCHLEVEL = 1\n" };
  assertThrows(make(makefile), TreeError, "mm/memcontrol.c is missing");
});
