/** The translation: C in kernel style, and the model's TypeScript. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { CError } from "../../src/c/front/error.ts";
import * as outside from "../../src/c/outside.ts";
import { moduleText } from "../../src/c/translate/module.ts";
import { translateTree } from "../../src/c/translate/translate.ts";
import { modelOf, POT, translated, treeOf } from "./small_tree.ts";

Deno.test("plain accesses are plain accesses, and declarations wait for their values", async () => {
  const c = `static bool f(struct pot *pot, unsigned int n)
{
	struct pot *next;
	unsigned int beans;
	bool ret = false;

	beans = READ_ONCE(pot->beans);
	next = pot->next;
	if (next == READ_ONCE(pot->next) && beans >= n) {
		WRITE_ONCE(pot->beans, beans - n);
		ret = true;
	}
	return ret;
}`;
  assertEquals(
    await translated(c),
    `let ret = false;
const beans = READ_ONCE(pot_.$beans) >>> 0;
const next = pot_.next;
if (next === READ_ONCE(pot_.$next) && beans >= n) {
  WRITE_ONCE(pot_.$beans, beans - n);
  ret = true;
}
return ret;`,
  );
});

Deno.test("locks give their flags back, structures are themselves, atomics get addresses", async () => {
  const c = `void f(struct pot *p)
{
	unsigned long flags;

	spin_lock_irqsave(&p->lock, flags);
	atomic_inc_return(&p->users);
	p->next = NULL;
	spin_unlock_irqrestore(&p->lock, flags);
}`;
  assertEquals(
    await translated(c),
    `const flags = spin_lock_irqsave(p.lock);
atomic_add_return(1, p.$users);
p.next = null;
spin_unlock_irqrestore(p.lock, flags);`,
  );
});

/** What a function of integers computes, by running its translation. */
async function run(c: string, ...args: (number | boolean)[]): Promise<unknown> {
  const tree = await treeOf(c);
  const { params } = tree.function("f")!;
  const body = await translated(c);
  return new Function(...params.map((p) => p.name), body)(...args);
}

Deno.test("unsigned sums wrap, and compare as unsigned", async () => {
  const c = "int f(unsigned int a, unsigned int b) { return a - b > a ? 1 : 0; }";
  assertEquals(await run(c, 1, 2), 1);
  assertEquals(await run(c, 2, 1), 0);
  assertEquals(await run("unsigned int f(unsigned int a) { return a + 1; }", 0xffffffff), 0);
  assertEquals(await run("int f(int a) { return a + 1; }", 0x7fffffff), -0x80000000);
  assertEquals(
    await run("unsigned int f(unsigned int a) { return a * 3; }", 0x80000001),
    0x80000003,
  );
});

Deno.test("narrow types cut off, in variables, at returns and at casts", async () => {
  assertEquals(await run("u16 f(int a) { return a; }", 0x12345), 0x2345);
  assertEquals(await run("int f(int a) { u8 b = a; return b; }", 511), 255);
  assertEquals(await run("int f(int a) { s8 b = a; return b; }", 255), -1);
  assertEquals(await run("int f(int a) { return (u8)a + 1; }", 255), 256);
  assertEquals(await run("int f(int a) { u16 b = 65535; b += a; return b; }", 2), 1);
  assertEquals(await run("int f(int a) { u16 b = 0; b--; return b + a; }", 0), 65535);
});

Deno.test("shifts, division and mixed signs are C's", async () => {
  assertEquals(
    await run("unsigned int f(unsigned int a) { return a >> 4; }", 0xf0000000),
    0x0f000000,
  );
  assertEquals(await run("int f(int a) { return a >> 4; }", -16), -1);
  assertEquals(await run("int f(int a) { return a / 2; }", -3), -1);
  assertEquals(await run("int f(int a) { return a % 2; }", -3), -1);
  assertEquals(await run("int f(int a) { unsigned int one = 1; return a < one ? 1 : 0; }", -1), 0);
  assertEquals(await run("unsigned int f(unsigned int a) { return ~a; }", 0), 0xffffffff);
});

Deno.test("truth is what C calls true", async () => {
  assertEquals(await run("bool f(int a) { return a; }", 2), true);
  assertEquals(await run("int f(int a) { bool b = a; return b + b; }", 7), 2);
  assertEquals(
    await run("int f(unsigned int a) { if (a + 1) return 1; return 0; }", 0xffffffff),
    0,
  );
});

Deno.test("fields are cut to their width when they are stored", async () => {
  const c = `void f(struct pot *p, int n)
{
	p->lid = n;
	p->lid += 2;
	p->hot = n & 4;
	p->stirred = n;
	p->beans -= n;
	p->temperature++;
	WRITE_ONCE(p->lid, n);
}`;
  assertEquals(
    await translated(c),
    `p.lid = n & 65535;
p.lid = (p.lid + 2) & 65535;
p.hot = (n & 4) !== 0 ? 1 : 0;
p.stirred = n !== 0 ? 1 : 0;
p.beans -= n;
p.temperature++;
WRITE_ONCE(p.$lid, n & 65535);`,
  );
});

Deno.test("gotos forwards leave blocks, gotos backwards begin loops anew", async () => {
  const c = `int f(int a)
{
	int tries = 3;

retry:
	if (a > 10)
		goto out;
	a += 4;
	if (tries--)
		goto retry;
	return -1;
out:
	return a;
}`;
  assertEquals(
    await translated(c),
    `let tries = 3;
retry: for (;;) {
  out: {
    if (a > 10) break out;
    a = (a + 4) | 0;
    if (tries--) continue retry;
    return -1;
  }
  return a;
}`,
  );
  assertEquals(await run(c, 0), 12);
  assertEquals(await run(c, -20), -1);
});

Deno.test("loops, switch, comma and conditional expressions run as in C", async () => {
  const c = `int f(int n)
{
	int i, sum = 0;

	for (i = 0; i < n; i++) {
		if (i == 3)
			continue;
		switch (i & 3) {
		case 0:
		case 1:
			sum += 1;
			break;
		default:
			sum += i > 5 ? 10 : 100;
		}
	}
	while (n > 8)
		n--, sum++;
	do {
		sum++;
	} while (0);
	return sum;
}`;
  const expected = (n: number) => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      if (i !== 3) sum += (i & 3) < 2 ? 1 : i > 5 ? 10 : 100;
    }
    return sum + Math.max(0, n - 8) + 1;
  };
  for (const n of [0, 1, 4, 7, 12]) assertEquals(await run(c, n), expected(n));
});

Deno.test("macros of the tree are expanded, constants of the model stay names", async () => {
  const c = `#define DOUBLE(x) ((x) * 2)
#define TEN 10
int f(int a)
{
	return DOUBLE(a + 1) + TEN + SMALL;
}`;
  assertEquals(await translated(c), "return (Math.imul(a + 1, 2) + 10 + SMALL) | 0;");
});

Deno.test("what is outside of the model is left out, and listed", async () => {
  const c = `int f(struct pot *p)
{
	pr_debug("pot");
	if (do_memsw_account())
		p->beans = 1;
	if (!mem_cgroup_disabled() && p->beans)
		return 1;
	return 0;
}`;
  assertEquals(await translated(c), "if (p.beans) return 1;\nreturn 0;");
});

Deno.test("what is left out stays out if the model has the name, too: it reads that without an access", async () => {
  const model = modelOf();
  const named = { ...model, exports: new Map([...model.exports, ["PF_KTHREAD", "file:///m.ts"]]) };
  const c = "bool f(struct pot *pot) { return !pot->next || (pot->flags & PF_KTHREAD); }";
  for (const m of [model, named]) {
    assertEquals(await translated(c, "f", m), "return !pot_.next;");
  }
});

Deno.test("a call about what the model does not have is left out, whatever it calls", async () => {
  const c = `int f(struct pot *p, struct cgroup *cgrp)
{
	struct cgroup *parent = cgrp->parent;

	fry(parent, p->beans);
	css_free(&cgrp->self);
	while ((parent = parent->parent))
		parent->level++;
	return p->beans == 7;
}`;
  assertEquals(await translated(c), "return Number((p.beans >>> 0) === 7);");
});

Deno.test("a walk at whose steps nothing is left is left out; one that is waited for is not", async () => {
  const walk = (after: string) =>
    translated(`struct pot *f(struct pot *p, struct cgroup *cgrp)
{
	if (p->hot)
		while ((p = p->next))
			cgrp->level++;
	return ${after};
}`);
  assertEquals(await walk("NULL"), "return null;");
  assertEquals(
    await walk("p"),
    "if (p.hot) {\n  while (p = p.next) {\n  }\n}\nreturn p;",
  );
});

Deno.test("every entry of the tables of what is outside says why", () => {
  for (const table of Object.values(outside)) {
    for (const [name, { why }] of Object.entries(table)) {
      assert(why.length > 10, name);
      assert(/^[\w.]+$/.test(name), name);
    }
  }
});

/** The error of a function `f`. */
async function errorOf(c: string): Promise<string> {
  return (await assertRejects(() => translated(c), CError)).message;
}

Deno.test("what is not understood is an error with file, line, function and callee", async () => {
  const lines = POT.split("\n").length;
  const call = "void f(struct pot *p)\n{\n\tif (p)\n\t\tboil_over(p);\n}";
  assertEquals(
    await errorOf(call),
    `lib/pot.c:${
      lines + 3
    }:3: Cannot translate f(): it calls boil_over(), which is not in the model, ` +
      "not in the files that are read, and not listed in src/c/outside.ts",
  );
  const cast = "unsigned long f(struct pot *p) { return (unsigned long)p; }";
  assert((await errorOf(cast)).endsWith("a pointer has no number in the model"));
  const field = "int f(struct pot *p) { return p->depth; }";
  assert((await errorOf(field)).endsWith('struct pot of the model has no field "depth"'));
  const jump = "int f(int a) { if (a) { a++; in: a++; } goto in; return a; }";
  assert((await errorOf(jump)).endsWith("goto in jumps into a block"));
});

Deno.test("a tree is translated with the functions that the model has not", async () => {
  const tree = await treeOf(`${POT}
static void fill(struct pot *p, unsigned int n)
{
	p->beans += n;
}

void cook(struct pot *p)
{
	fill(p, 2);
	p->stir(p);
}

void spill(struct pot *p)
{
	mop(p);
}

void serve(struct pot *p, int guests)
{
	cook(p);
}
`);
  const model = modelOf({ cook: 1, spill: 1, serve: 1, taste: 1 });
  const translation = translateTree(tree, model);
  assertEquals([...translation.functions.keys()], ["cook"]);
  assertEquals([...translation.helpers.keys()], ["fill"]);
  assertEquals(translation.absent, ["taste"]);
  const why = translation.untranslated.map(({ name, why }) => `${name}: ${why}`);
  assert(/^spill: lib\/pot.c:\d+:2: .* it calls mop\(\)/.test(why[0]), why[0]);
  assert(why[1].endsWith("serve() takes 2 arguments, in the model 1"), why[1]);

  const text = moduleText(translation, tree, model, { root: "file:///project/" }, "small");
  assert(text.includes('import { patch } from "file:///project/src/kernel/patches/patch.ts";'));
  assert(text.includes(`function fill(p: pot | null, n: number): void {
  p.beans += n;
}`));
  assert(text.includes(`  cook(p: pot | null): void {
    fill(p, 2);
    p.stir(p);
  },`));
});
