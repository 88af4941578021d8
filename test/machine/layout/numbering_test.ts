import { assert, assertEquals, assertThrows } from "@std/assert";
import { numbering, type Taken, takenWords } from "../../../src/machine/layout/numbering.ts";
import {
  CONTROL_OWNERS,
  CONTROL_WORDS,
  controlWords,
  HOT_WORDS,
} from "../../../src/machine/layout/control.ts";
import { REGIONS } from "../../../src/machine/layout/regions.ts";
import { PCPU_WORDS, PERCPU_OWNERS } from "../../../src/machine/layout/percpu.ts";

const LAYOUT = new URL("../../../src/machine/layout/", import.meta.url);

/** Pairs that share a word. */
function overlaps(taken: readonly Taken[]): string[] {
  const all = taken.toSorted((x, y) => x.at - y.at);
  return all.slice(1).flatMap((x, i) => {
    const before = all[i];
    return before.at + before.words > x.at ? [`${before.row} ${before.at}, ${x.row} ${x.at}`] : [];
  });
}

/** Load every owner of control words; the rows of their blocks. */
async function loadOwners(): Promise<string[]> {
  const owners: string[] = [];
  for (const { name } of Deno.readDirSync(LAYOUT)) {
    const url = new URL(name, LAYOUT);
    if (!/= controlWords\(/.test(Deno.readTextFileSync(url))) continue;
    await import(url.href);
    owners.push(name);
  }
  return owners;
}

Deno.test("no two owners of control words share one, and all lie inside the region", async () => {
  const owners = await loadOwners();
  const taken = takenWords().filter(({ row }) => CONTROL_OWNERS.includes(row));
  assertEquals(new Set(taken.map(({ row }) => row)), new Set(CONTROL_OWNERS));
  assertEquals(owners.length, CONTROL_OWNERS.length);
  assertEquals(overlaps(taken), []);
  assert(taken.every(({ at, words }) => at >= 0 && at + words <= CONTROL_WORDS));
  assertEquals(REGIONS.ctl.words, CONTROL_WORDS);
});

Deno.test("the words that points touch are the first ones: a CPU may have them to itself", async () => {
  await import("../../../src/machine/layout/points.ts");
  const points = takenWords().filter(({ row }) => row === "points");
  assert(points.length > 0 && points.every(({ at, words }) => at + words <= HOT_WORDS));
});

Deno.test("no two words of a CPU are the same, and all lie inside its block", async () => {
  for (const owner of PERCPU_OWNERS) await import(new URL(`${owner}.ts`, LAYOUT).href);
  const taken = takenWords().filter(({ row }) => PERCPU_OWNERS.includes(row));
  assertEquals(new Set(taken.map(({ row }) => row)), new Set(PERCPU_OWNERS));
  assertEquals(overlaps(taken), []);
  assert(taken.every(({ at, words }) => at >= 0 && at + words <= PCPU_WORDS));
});

Deno.test("regions of the arena do not overlap", () => {
  const taken = Object.entries(REGIONS).map(([row, r]) => ({ row, ...r }));
  assertEquals(overlaps(taken), []);
});

Deno.test("numbering() hands out words one after the other, and says when there are too few", () => {
  const word = numbering("test", 10, 4);
  assertEquals([word(), word(2), word()], [10, 11, 13]);
  assertThrows(word, RangeError, 'Cannot take 1 words of "test": it has 4, all in use');
});

Deno.test("controlWords() numbers the words of an owner once", async () => {
  await loadOwners();
  assertThrows(() => controlWords("bare"), Error, 'Cannot number the words of "bare" twice');
});
