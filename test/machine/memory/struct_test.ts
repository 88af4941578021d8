import { cellOf } from "../../../src/machine/layout/lvalue.ts";
import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import "../bare.ts";
import { CELLS } from "../../../src/machine/layout/sizes.ts";
import { views } from "../../../src/machine/words/arena.ts";
import { RUNS } from "../../properties/runs.ts";
import * as F from "../../../src/machine/memory/struct_type.ts";
import type {
  Fields,
  FieldSpec,
  Fn,
  Ptr,
  Struct,
} from "../../../src/machine/memory/struct_type.ts";

const { mem } = views();
const S = await import("../../../src/machine/memory/struct.ts");
const O = await import("../../../src/machine/memory/objects.ts");
const { slabAlloc, slabFree, isLive, forEachLive, slabUsed } = await import(
  "../../../src/machine/memory/slab.ts"
);
const shadow = await import("../../../src/machine/memory/shadow.ts");
const { FREED, LIVE, POISONED, REDZONE, UNALLOCATED, UNWRITTEN } = await import(
  "../../../src/machine/layout/shadow_states.ts"
);
const { kernel } = await import("../../../src/machine/calls/registry.ts");
const { PAIR, OUTER } = define();

interface pair extends Struct, Fields<{ u: number; v: number }> {}
interface outer extends
  Struct,
  Fields<
    { n: number; p: Ptr<outer>; f: Fn | null; in1: pair; in2: pair; over: pair; list: unknown }
  > {}

function define() {
  const PAIR = S.struct<pair>("pair", { u: F.int, v: F.int });
  const OUTER = S.struct<outer>("outer", {
    n: F.int,
    p: F.ptr,
    f: F.fn,
    in1: F.embed(PAIR),
    in2: F.embed(PAIR),
    over: F.embed(PAIR, "in2"),
    list: F.array(3),
  }, 40);
  return { PAIR, OUTER };
}
const fresh = () => slabAlloc(OUTER, true);
const state = (a: number) => mem[a + 1] & 7;

Deno.test("struct() gives plain loads and stores of 32 bits", () => {
  const o = fresh();
  assertEquals(o.n, 0);
  o.n = 5;
  assertEquals(o.n, 5);
  o.n = 2 ** 31;
  assertEquals(o.n, -(2 ** 31));
  o.n += 2 ** 31;
  assertEquals(o.n, 0);
});

Deno.test("struct() keeps pointers as addresses and gives back the one wrapper of an object", () => {
  const o = fresh();
  const p = fresh();
  assertStrictEquals(o.p, null);
  o.p = p;
  assertStrictEquals(o.p, p);
  assertStrictEquals(o.p, o.p);
  assertStrictEquals(O.objectAt(p.a), p);
  assertNotStrictEquals(o.p as unknown, o);
  o.p = null;
  assertStrictEquals(o.p, null);
});

Deno.test("struct() keeps pointers to embedded structures, which are not their containers", () => {
  const holder = S.struct<Struct & { first: pair; q: Ptr<Struct> }>(
    "holder",
    { first: F.embed(PAIR), q: F.ptr },
    2,
  );
  const h = slabAlloc(holder, true);
  h.q = h.first;
  assertStrictEquals(h.q as unknown, h.first);
  h.q = h;
  assertStrictEquals(h.q as unknown, h);
});

Deno.test("struct() keeps registered functions in function pointers, and refuses others", () => {
  const f = kernel("struct_test_fn", (x: number) => x + 1);
  const o = fresh();
  assertStrictEquals(o.f, null);
  o.f = f;
  assertEquals(o.f!(2), 3);
  assertThrows(() => (o.f = (x: number) => x), Error, "not registered");
  o.f = null;
  assertStrictEquals(o.f, null);
});

Deno.test("container_of() and outermost() lead from a member to its object", () => {
  const o = fresh();
  assertStrictEquals(S.container_of(o.in1, OUTER), o);
  assertStrictEquals(O.outermost(o.in2), o);
  assertStrictEquals(O.outermost(o), o);
});

Deno.test("embed() over another field shares its cells", () => {
  const o = fresh();
  o.in2.u = 1;
  o.in2.v = 2;
  assertEquals([o.over.u, o.over.v], [1, 2]);
  o.over.v = 9;
  assertEquals(o.in2.v, 9);
  assertEquals(o.in1.v, 0);
  assertEquals(o.over.a, o.in2.a);
});

Deno.test("headAt() prefers the second member of a union, objectAt() the first", () => {
  const o = fresh();
  assertEquals(o.over.a, o.in2.a);
  assertStrictEquals(O.headAt(o.over.a), o.over as Struct);
  assertStrictEquals(O.objectAt(o.in2.a), o.in2 as Struct);
  assertStrictEquals(O.headAt(0), null);
  assertStrictEquals(O.objectAt(0), null);
});

Deno.test("struct() gives addresses of fields that tell integer, pointer and function", () => {
  const o = fresh();
  assertEquals([o.$n & 3, o.$p & 3, o.$f & 3], [0, 1, 3]);
  assertEquals((cellOf(o.$p)) - (cellOf(o.$n)), 2);
});

Deno.test("array() gives consecutive cells of its object", () => {
  const o = fresh();
  const first = cellOf((o as unknown as { $list: number }).$list);
  for (let i = 0; i < 3; i++) assertEquals(O.locate(first + 2 * i)?.field, `list[${i}]`);
  assertStrictEquals(O.locate(first + 2)?.object, o as unknown as Struct);
});

Deno.test("struct() surrounds every object with redzones", () => {
  for (const o of OUTER.objects) assertEquals(state(o.a - 2), REDZONE);
  const last = OUTER.objects[OUTER.objects.length - 1];
  assertEquals(state(last.a + 2 * OUTER.cells), REDZONE);
});

Deno.test("shadow states follow an object from unallocated to freed", () => {
  const next = OUTER.objects[slabUsed(OUTER)];
  assertEquals(state(next.a), UNALLOCATED);
  const o = slabAlloc(OUTER, false);
  assertStrictEquals(o, next);
  assertEquals(state(o.a), UNWRITTEN);
  assert(isLive(o));
  assert(Number.isNaN(o.n), "a value that was never written is not a number");
  o.n = 1;
  assertEquals(o.n, 1);
  assertEquals(state(o.a), LIVE);
  o.n = NaN;
  assertEquals(state(o.a), POISONED);
  assert(Number.isNaN(o.n));
  slabFree(o);
  assertEquals(state(o.a), FREED);
  assert(!isLive(o));
});

Deno.test("onBadAccess() is told of reads and writes of freed cells, and of nothing else", () => {
  const seen: [number, number, boolean][] = [];
  shadow.onBadAccess((a, s, w) => seen.push([a, s, w]));
  const o = fresh();
  o.n = 1;
  assertEquals(o.n, 1);
  assertEquals(seen, []);
  slabFree(o);
  assertEquals(o.n, 1, "without a verdict the access goes through");
  o.n = 2;
  shadow.onBadAccess(null);
  assertEquals(seen.map(([a, , w]) => [a - o.a, w]), [[0, false], [0, true]]);
  assertEquals(seen[0][1], FREED);
});

Deno.test("forEachLive() visits allocated objects in address order", () => {
  const a = fresh();
  const b = fresh();
  slabFree(a);
  const c = fresh();
  const live: number[] = [];
  forEachLive(OUTER, (o) => live.push(o.index));
  assert(!live.includes(a.index) && live.includes(b.index) && live.includes(c.index));
  assertEquals(live, [...live].sort((x, y) => x - y));
});

Deno.test("objectName() and pointerName() name what reports show", () => {
  const o = fresh();
  assertEquals(O.objectName(o), `outer#${o.index}`);
  assertEquals(O.objectName(o.in1), `outer#${o.index}`);
  assertEquals(O.pointerName(0), "NULL");
  assertEquals(O.pointerName(o.in1.a), `outer#${o.index}`);
  assertEquals(O.pointerName(7), "0x7");
});

Deno.test("locate() finds the object and the dotted field of an address", () => {
  const o = fresh();
  const at = (lv: number) => O.locate(cellOf(lv));
  assertEquals(at(o.$n)?.field, "n");
  assertEquals(at(o.in1.$v)?.field, "in1.v");
  assertEquals(at(o.over.$u)?.field, "in2.u");
  assertEquals(at(o.$p)?.object.index, o.index);
  assertEquals(O.locate(2), null);
});

Deno.test("statics() are live from the start and every one of them is another object", () => {
  const [a, b] = S.statics<pair>("two", { u: F.int, v: F.int }, 2);
  a.u = 1;
  assertEquals([a.u, b.u], [1, 0]);
  assertEquals([a, b].map((o) => state(o.a)), [LIVE, LIVE]);
});

Deno.test("slabAlloc() reports a capacity, not a bug, when a slab is used up", async () => {
  const { oopsOf } = await import("../bare.ts");
  const small = S.struct("small", { v: F.int }, 2);
  slabAlloc(small, true);
  slabAlloc(small, true);
  const o = await oopsOf(() => void slabAlloc(small, true));
  assertEquals(o.title, "capacity exceeded");
  assertEquals(o.text, "more than 2 objects of type small");
});

Deno.test("restoreImage() puts back what was booted", async () => {
  const { restoreImage, takeImage } = await import("../../../src/machine/memory/image.ts");
  const kind = S.struct<Struct & { v: number }>("imaged", { v: F.int }, 4);
  const booted = slabAlloc(kind, true);
  booted.v = 3;
  takeImage();
  booted.v = 4;
  const late = slabAlloc(kind, true);
  late.v = 5;
  slabFree(booted);
  restoreImage();
  assertEquals(booted.v, 3);
  assertEquals(state(booted.a), LIVE);
  assertEquals(state(late.a), UNALLOCATED);
  assertEquals(slabUsed(kind), 1);
});

const SPEC: fc.Arbitrary<FieldSpec> = fc.oneof(
  fc.constantFrom(F.int, F.ptr, F.fn),
  fc.integer({ min: 1, max: 4 }).map(F.array),
  fc.constant(null).map(() => F.embed(PAIR)),
);

Deno.test("struct() never lets two fields share a cell unless they are a union", () => {
  fc.assert(
    fc.property(fc.array(SPEC, { minLength: 1, maxLength: 8 }), (specs) => {
      const fields = layout(specs);
      const used = new Set<number>();
      for (const f of fields.fields) {
        for (let i = 0; i < f.cells; i++) {
          assert(f.offset + i < fields.cells);
          assert(!used.has(f.offset + i));
          used.add(f.offset + i);
        }
      }
    }),
    { ...RUNS, numRuns: 20 }, // each takes one of the machine's structure types
  );
});

function layout(specs: FieldSpec[]) {
  return S.struct("any", Object.fromEntries(specs.map((s, i) => [`f${i}`, s])));
}

Deno.test("struct() refuses fields that every wrapper has", () => {
  for (const name of ["a", "outer", "type", "index"]) {
    assertThrows(() => S.struct("odd", { [name]: F.int }), Error, `Cannot define field "${name}"`);
  }
});

// The last ones: they leave no room for further types.
Deno.test("struct() names the capacity when model memory is used up", () => {
  assertThrows(
    () => S.struct("huge", { big: F.array(CELLS) }, 1),
    RangeError,
    `model memory has ${CELLS} cells`,
  );
});

Deno.test("struct() names the capacity when there are too many types", () => {
  assertThrows(
    () => {
      for (let i = 0; i < 100; i++) S.struct(`type${i}`, { v: F.int });
    },
    RangeError,
    "there can be 96 structure types",
  );
});
