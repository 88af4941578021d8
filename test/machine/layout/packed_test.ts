/** Words that are made of several numbers: what is put in comes out, for all numbers there can be. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { RUNS } from "../../properties/runs.ts";
import { packWhat, whatFn, whatPrim } from "../../../src/machine/layout/accesses.ts";
import {
  CLASSES_MAX,
  heldClass,
  heldContext,
  heldHow,
  packHeld,
} from "../../../src/machine/layout/held_lock.ts";
import {
  cellOf,
  elementAt,
  kindOf,
  LV_FUNCTION,
  LV_INT,
  LV_POINTER,
  lvalueAt,
  lvalueSource,
} from "../../../src/machine/layout/lvalue.ts";
import { meetingActors, metBy, writerOf } from "../../../src/machine/layout/meetings.ts";
import {
  CELL_WORDS,
  lastSite,
  lastWriter,
  SITE_SHIFT,
  STATE_MASK,
  stateOf,
  TAG_MASK,
  tagOf,
  withState,
} from "../../../src/machine/layout/meta.ts";
import {
  ORIGIN_COUNT,
  ORIGIN_REGION_WORDS,
  originAt,
  readOf,
} from "../../../src/machine/layout/origins.ts";
import { PRIMITIVES } from "../../../src/machine/layout/primitives.ts";
import { SITE_BITS } from "../../../src/machine/layout/registers.ts";
import {
  FREED,
  LIVE,
  NO_VALUE,
  POISONED,
  REDZONE,
  UNALLOCATED,
  UNWRITTEN,
} from "../../../src/machine/layout/shadow_states.ts";
import { CELLS, CPUS_MAX, FUNCTIONS_MAX, ORIGINS_MAX } from "../../../src/machine/layout/sizes.ts";
import { STEP_WORDS, stepAt, SYMBOLIC_WORDS } from "../../../src/machine/layout/steps.ts";
import { LIMITS } from "../../../src/prog/types.ts";

const STATES = [LIVE, REDZONE, UNALLOCATED, FREED, UNWRITTEN, POISONED];

const cpu = fc.integer({ min: 0, max: CPUS_MAX - 1 });
const site = fc.integer({ min: 0, max: (FUNCTIONS_MAX << SITE_BITS) - 1 });
const state = fc.constantFrom(...STATES);
const address = fc.integer({ min: 0, max: CELL_WORDS * CELLS - 1 });
const kind = fc.constantFrom(LV_INT, LV_POINTER, LV_FUNCTION);

Deno.test("a meta word keeps state, writer and site apart", () => {
  fc.assert(
    fc.property(cpu, site, state, state, (c, s, before, after) => {
      const meta = withState((s << SITE_SHIFT) | tagOf(c), before);
      assertEquals([stateOf(meta), lastWriter(meta), lastSite(meta)], [before, c, s]);
      assertEquals(withState(withState(meta, after), before), meta);
      assertEquals(meta & STATE_MASK, before);
    }),
    RUNS,
  );
});

Deno.test("the tag of a meta word is a CPU's if the cell is live and that CPU wrote it last", () => {
  fc.assert(
    fc.property(cpu, cpu, site, state, (c, other, s, its) => {
      const meta = withState((s << SITE_SHIFT) | tagOf(c), its);
      assertEquals((meta & TAG_MASK) === tagOf(other), its === LIVE && c === other);
    }),
    RUNS,
  );
});

Deno.test("states of cells without a value are those that have the bit for it", () => {
  assertEquals(STATES.filter((s) => (s & NO_VALUE) !== 0), [UNWRITTEN, POISONED]);
});

Deno.test("an lvalue is an address and a kind, and elements of an array are cells in a row", () => {
  fc.assert(
    fc.property(address, kind, fc.integer({ min: 0, max: 100 }), (a, k, i) => {
      const lvalue = lvalueAt(a, k);
      assertEquals([cellOf(lvalue), kindOf(lvalue)], [a, k]);
      assertEquals(new Function("a", `return ${lvalueSource("a", k)};`)(a), lvalue);
      assertEquals(elementAt(lvalue, i), lvalueAt(a + CELL_WORDS * i, LV_INT));
    }),
    RUNS,
  );
});

Deno.test("packHeld() keeps class, way and context of a held lock apart", () => {
  const cls = fc.integer({ min: 0, max: CLASSES_MAX - 1 });
  fc.assert(
    fc.property(cls, fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 3 }), (c, h, x) => {
      const word = packHeld(c, h, x);
      assertEquals([heldClass(word), heldHow(word), heldContext(word)], [c, h, x]);
    }),
    RUNS,
  );
});

Deno.test("packWhat() keeps function and primitive of an access apart from its flags", () => {
  const fn = fc.integer({ min: 0, max: FUNCTIONS_MAX - 1 });
  const prim = fc.integer({ min: 0, max: PRIMITIVES.length - 1 });
  fc.assert(
    fc.property(fn, prim, fc.integer({ min: 0, max: 255 }), (f, p, flags) => {
      const what = packWhat(f, p, flags);
      assertEquals([whatFn(what), whatPrim(what), what & 255], [f, p, flags]);
    }),
    RUNS,
  );
});

Deno.test("meetingActors() keeps who wrote and who came apart", () => {
  fc.assert(
    fc.property(cpu, cpu, (writer, met) => {
      const word = meetingActors(writer, met);
      assertEquals([writerOf(word), metBy(word)], [writer, met]);
    }),
    RUNS,
  );
});

Deno.test("steps and origins lie inside their regions, behind one another", () => {
  assertEquals(stepAt(LIMITS.steps - 1) + STEP_WORDS, SYMBOLIC_WORDS);
  assertEquals(readOf(CPUS_MAX), ORIGIN_COUNT);
  assertEquals(originAt(0), ORIGIN_COUNT + 1);
  assertEquals(originAt(ORIGINS_MAX), ORIGIN_REGION_WORDS);
});
