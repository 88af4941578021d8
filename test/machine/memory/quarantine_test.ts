import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ABORT, OOPS_KIND } from "../../../src/machine/layout/oops.ts";
import { views } from "../../../src/machine/words/arena.ts";
import { makeMachine } from "../harness.ts";
import * as F from "../../../src/machine/memory/struct_type.ts";

await makeMachine({ cpus: 1, free: true });
const { ABORTED } = await import("../../../src/machine/findings/oops.ts");
const { slabAlloc, slabFree } = await import("../../../src/machine/memory/slab.ts");
const S = await import("../../../src/machine/memory/struct.ts");
const { ctl } = views();

const ROOM = 5;
let types = 0;
const fresh = () => S.struct(`kept${types++}`, { v: F.int }, ROOM);

Deno.test("a free-running slab hands out what was freed longest ago, once nothing is fresh", () => {
  const type = fresh();
  const all = Array.from({ length: ROOM }, () => slabAlloc(type, true));
  for (const i of [2, 0, 4]) slabFree(all[i]);
  assertEquals([0, 0, 0].map(() => slabAlloc(type, true).index), [2, 0, 4]);
  assertThrows(() => slabAlloc(type, true));
  ctl[ABORT] = 0;
  ctl[OOPS_KIND] = 0;
});

Deno.test("a freed object stays in quarantine behind all that were freed before it", () => {
  const type = fresh();
  const held: ReturnType<typeof slabAlloc>[] = [];
  const queue: number[] = [];
  let used = 0;
  fc.assert(fc.property(fc.array(fc.nat(ROOM), { minLength: 20 }), (choices) => {
    for (const c of choices) {
      if (c < held.length) {
        const [o] = held.splice(c, 1);
        queue.push(o.index);
        slabFree(o);
      } else if (used < ROOM || queue.length > 0) {
        const o = slabAlloc(type, false);
        assertEquals(o.index, used < ROOM ? used : queue.shift());
        if (used < ROOM) used++;
        held.push(o);
      }
    }
    assert(held.length + queue.length === used, "an object is neither held nor in quarantine");
  }));
});

Deno.test("an object that is freed twice is in quarantine once", () => {
  const type = fresh();
  const all = Array.from({ length: ROOM }, () => slabAlloc(type, true));
  slabFree(all[1]);
  assertThrows(() => slabFree(all[1])); // KASAN's double-free
  assertEquals(ctl[ABORT], 1);
  ctl[ABORT] = 0;
  ctl[OOPS_KIND] = 0;
  assertEquals(slabAlloc(type, true).index, 1);
  try {
    slabAlloc(type, true);
    throw new Error("there is nothing left to hand out");
  } catch (e) {
    assertEquals(e, ABORTED);
  }
});
