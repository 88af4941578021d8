import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  decodeFeatures,
  encodeFeatures,
  splitFeatures,
  withFeatures,
} from "../../../src/cli/protocol/feature_line.ts";

const TEXT = "objcg-fuzz 1\ntitle: t\ncpus: 2\n\ncpu0  poke()\n";
const features = fc.uniqueArray(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 });

Deno.test("splitFeatures() takes off the line that withFeatures() puts in", () => {
  fc.assert(fc.property(features, (news) => {
    assertEquals(splitFeatures(withFeatures(TEXT, news)), {
      text: TEXT,
      features: news.length === 0 ? null : news,
    });
  }));
  assertEquals(splitFeatures(TEXT), { text: TEXT, features: null });
});

Deno.test("decodeFeatures() reads what encodeFeatures() writes, and nothing else", () => {
  fc.assert(fc.property(features, (news) => {
    assertEquals(decodeFeatures(encodeFeatures(news)), news);
  }));
  for (const bad of ["A", "AA==", "AAA", "ÄÄÄÄ", "AAAA AAAA", "===="]) {
    assertEquals(decodeFeatures(bad), null, bad);
  }
});
