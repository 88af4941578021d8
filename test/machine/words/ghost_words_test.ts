import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { views } from "../../../src/machine/words/arena.ts";
import { makeMachine } from "../harness.ts";

await makeMachine({ cpus: 2 });
const { clearKept, handedOut, keptWords, restoreKept, scratchWords, takeKept } = await import(
  "../../../src/machine/words/ghost_words.ts"
);
const { buffer, ghost } = views();

/** Pairs of what was handed out that share a word. */
function overlaps(): string[] {
  const all = handedOut().toSorted((x, y) => x.at - y.at);
  return all.slice(1).filter((x, i) => all[i].at + all[i].words > x.at).map((x) => `${x.at}`);
}

Deno.test("keptWords() and scratchWords() hand out words that nobody else has", () => {
  const before = handedOut();
  assertNotEquals(before.length, 0, "names and sanitizers have some");
  const kept = keptWords("test, kept", 7);
  const scratch = scratchWords("test, scratch", 500);
  assertEquals(handedOut(), [...before, { at: kept, words: 7 }, { at: scratch, words: 500 }]);
  assertEquals(overlaps(), []);
});

Deno.test("keptWords() hands out the same words to another CPU, whatever the order", async () => {
  const mine = ["test, a", "test, b", "test, c"].map((name) => keptWords(name, 3));
  const before = handedOut();
  const worker = new Worker(new URL("./ghost_words_worker.ts", import.meta.url), {
    type: "module",
  });
  const theirs = await new Promise((resolve) => {
    worker.onmessage = (e) => resolve(e.data);
    worker.postMessage({ buffer, names: ["test, c", "test, a", "test, b"] });
  });
  worker.terminate();
  assertEquals(theirs, [mine[2], mine[0], mine[1]]);
  assertEquals(handedOut(), before);
});

Deno.test("keptWords() says whose words they are when a name asks twice", () => {
  keptWords("test, twice", 1);
  assertThrows(
    () => keptWords("test, twice", 1),
    Error,
    'Cannot hand out ghost words of "test, twice": "test, twice" has them',
  );
});

Deno.test("keptWords() and scratchWords() say how many words are left when there are too few", () => {
  assertThrows(
    () => keptWords("test, many", 5000),
    Error,
    "of 1024 are left",
  );
  assertThrows(
    () => scratchWords("test, more", 50_000),
    Error,
    "Cannot hand out 50000 ghost words",
  );
  assertEquals(overlaps(), []);
});

Deno.test("clearKept() and restoreKept() change kept words only", () => {
  const kept = keptWords("test, state", 2);
  const scratch = scratchWords("test, note", 1);
  ghost[kept + 1] = 5;
  ghost[scratch] = 6;
  takeKept();
  clearKept();
  assertEquals([ghost[kept + 1], ghost[scratch]], [0, 6]);
  ghost[scratch] = 7;
  restoreKept();
  assertEquals([ghost[kept + 1], ghost[scratch]], [5, 7]);
});
