import { assertEquals } from "@std/assert";
import { read, ROOT } from "../documentation.ts";
import { makeMachine } from "../machine/harness.ts";
import { SANITIZERS as NAMES } from "./names.ts";

await makeMachine({ cpus: 1 });
const { SANITIZERS } = await import("../../src/sanitizers/all.ts");
const { ActiveSanitizers } = await import("../../src/sanitizers/active.ts");

Deno.test("names.ts names every sanitizer", () => {
  assertEquals(SANITIZERS.map(({ name }) => name).sort(), [...NAMES].sort());
});

/** Folders with what several sanitizers need, which have other files in folders. */
const SHARED = ["accounts"];

Deno.test("every sanitizer is in a file of its name, and its other files are in a folder of its name", () => {
  const imports = read("src/sanitizers/all.ts").matchAll(/import\("\.\/(.*)\.ts"\)/g);
  const names = SANITIZERS.map(({ name }) => name.replaceAll("-", "_"));
  assertEquals([...imports].map(([, file]) => file), names);
  const entries = [...Deno.readDirSync(`${ROOT}src/sanitizers`)];
  const folders = entries.filter((e) => e.isDirectory).map((e) => e.name);
  assertEquals(folders.filter((folder) => !names.includes(folder)), SHARED);
});

Deno.test("ActiveSanitizers asks all sanitizers, and answers without any", () => {
  const none = new ActiveSanitizers([]);
  none.expect(["x"]);
  none.ignore("x");
  assertEquals(none.describe(16), null);
  assertEquals(none.orders().count(), 0);

  const heard: unknown[] = [];
  const base = { name: "", doc: "", free: true, attach() {} };
  const orders = { count: () => 3, at: () => 0, from: () => 0, to: () => 0 };
  const several = new ActiveSanitizers([
    { ...base, expect: (t) => void heard.push(t), describe: () => null },
    base,
    { ...base, ignore: (t) => void heard.push(t), describe: () => ({ belongs: [], around: [] }) },
    { ...base, expect: (t) => void heard.push(t), orders: () => orders },
  ]);
  several.expect(null);
  several.ignore("x");
  assertEquals(heard, [null, null, "x"]);
  assertEquals(several.describe(16), { belongs: [], around: [] });
  assertEquals(several.orders(), orders);
});
