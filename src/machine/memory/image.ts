/**
 * Images of model memory: as it was when the kernel had booted, and as it was when the boot operations
 * of the current program were done. Executions start from one of them.
 *
 * @module
 */
import * as metaLayout from "../layout/meta.ts";
import * as regions from "../layout/regions.ts";
import * as states from "../layout/shadow_states.ts";
import * as sizes from "../layout/sizes.ts";
import * as slabWords from "../layout/slab.ts";
import { views } from "../words/arena.ts";
import { slabAt } from "../layout/slab.ts";
import { structTypes } from "./objects.ts";
import { setShadow, stateAt } from "./shadow.ts";
import { memoryEnd, staticEnd } from "./struct.ts";
import type { StructType } from "./struct_type.ts";

const { all, mem, quarantine, slab, FREE } = views();
const { CELL_WORDS, META } = metaLayout;
const { BOOTED_AT, IMAGE_AT, MEM_AT } = regions;
const { REDZONE } = states;
const { CELLS, STATIC_CELLS } = sizes;
const { USED } = slabWords;

/** Slab counters that belong to an image. */
const booted = new Int32Array(slab.length);
const prepared = new Int32Array(slab.length);
const bootedQuarantine = new Int32Array(quarantine.length);

/** Everything as it is now becomes what executions start from. */
export function takeImage(): void {
  // What no structure uses is nobody's: an address that runs far off is as bad as one next door.
  setShadow(staticEnd(), STATIC_CELLS - staticEnd() / CELL_WORDS, REDZONE);
  setShadow(memoryEnd(), CELLS - memoryEnd() / CELL_WORDS, REDZONE);
  all.copyWithin(IMAGE_AT, MEM_AT, MEM_AT + memoryEnd());
  booted.set(slab);
  bootedQuarantine.set(quarantine);
}

/** The same for the executions of one program: after its boot operations. */
export function takePrepared(): void {
  all.copyWithin(BOOTED_AT, MEM_AT, MEM_AT + staticEnd());
  for (const t of slabs()) {
    const n = slab[slabAt(t.id) + USED] * t.stride + t.redzone;
    all.copyWithin(BOOTED_AT + t.base, MEM_AT + t.base, MEM_AT + t.base + n);
  }
  prepared.set(slab);
}

let slabTypes: readonly StructType[] | null = null;

/** The types whose objects are handed out. */
export function slabs(): readonly StructType[] {
  slabTypes ??= structTypes().filter((t) => !t.isStatic && t.objects.length > 0);
  return slabTypes;
}

function forgetRange(from: number, to: number): void {
  for (let a = from; a < to; a += CELL_WORDS) mem[a + META] = stateAt(a);
}

/** Forget who wrote what: what was there before the schedule began is nobody's news. */
export function forgetWriters(): void {
  forgetRange(CELL_WORDS, staticEnd());
  const types = slabs();
  for (let i = 0; i < types.length; i++) {
    const t = types[i];
    forgetRange(t.base, t.base + slab[slabAt(t.id) + USED] * t.stride + t.redzone);
  }
}

/** Words up to which a loop is faster than the call that copies. */
const FEW_WORDS = 96;

/** Copy objects `from` to `to` of a type back from an image. */
export function restoreObjects(t: StructType, image: number, from: number, to: number): void {
  if (from >= to) return;
  const start = t.base + from * t.stride;
  const end = t.base + to * t.stride + t.redzone;
  if (end - start > FEW_WORDS) all.copyWithin(MEM_AT + start, image + start, image + end);
  else for (let i = start; i < end; i++) mem[i] = all[image + i];
}

/** Put memory back to the image: only what may have been used. */
export function restoreImage(): void {
  all.copyWithin(MEM_AT, IMAGE_AT, IMAGE_AT + staticEnd());
  const types = slabs();
  for (let i = 0; i < types.length; i++) {
    restoreObjects(types[i], IMAGE_AT, 0, slab[slabAt(types[i].id) + USED]);
  }
  slab.set(booted);
  if (FREE) quarantine.set(bootedQuarantine);
}

/** Put memory back to what {@linkcode takePrepared} saw; what came later was never allocated. */
export function restorePrepared(): void {
  all.copyWithin(MEM_AT, BOOTED_AT, BOOTED_AT + staticEnd());
  const types = slabs();
  for (let i = 0; i < types.length; i++) {
    const t = types[i];
    const had = prepared[slabAt(t.id) + USED];
    restoreObjects(t, IMAGE_AT, had, slab[slabAt(t.id) + USED]);
    restoreObjects(t, BOOTED_AT, 0, had);
    slab[slabAt(t.id) + USED] = had;
  }
  if (FREE) slab.set(prepared);
}
