import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { contentHash, murmur3, slug } from "../../src/prog/hash.ts";
import { RUNS } from "./arbitrary.ts";

Deno.test("murmur3() gives the published values", () => {
  const hash = (text: string, seed: number) =>
    murmur3(new TextEncoder().encode(text), seed).toString(16);
  assertEquals(hash("", 0), "0");
  assertEquals(hash("", 1), "514e28b7");
  assertEquals(hash("", 0xffffffff), "81f16f39");
  assertEquals(hash("test", 0), "ba6bd213");
  assertEquals(hash("test", 0x9747b28c), "704b81dc");
  assertEquals(hash("Hello, world!", 0x9747b28c), "24884cba");
  assertEquals(hash("The quick brown fox jumps over the lazy dog", 0x9747b28c), "2fa826cd");
});

Deno.test("contentHash() never changes, because it names files", () => {
  assertEquals(contentHash("objcg-fuzz 1\n"), "e9175c6cf0f24195");
  assertEquals(contentHash("é → ü"), "509a9c5c0b66567f");
});

Deno.test("contentHash() has 16 digits, and differs for different texts", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      assertMatch(contentHash(a), /^[0-9a-f]{16}$/);
      if (a !== b) assertNotEquals(contentHash(a), contentHash(b));
    }),
    RUNS,
  );
});

Deno.test("slug() makes a file name of a title", () => {
  assertEquals(slug("KASAN: use-after-free in css_get()"), "kasan-use-after-free-in-css-get");
  assertEquals(slug("refcount: 0 -> 1"), "refcount-0-1");
  assertEquals(slug("The task's café"), "the-tasks-cafe");
  assertEquals(slug("→ ?!"), "untitled");
  assertEquals(
    slug("css_get() revives a memcg whose offlining has completed, and then some"),
    "css-get-revives-a-memcg-whose-offlining-has-completed-and",
  );
  assertEquals(slug("x".repeat(100)), "x".repeat(60));
});

Deno.test("slug() is safe for every title", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 100 }), (title) => {
      assertMatch(slug(title), /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/);
      assertEquals(slug(slug(title)), slug(title));
    }),
    RUNS,
  );
});
