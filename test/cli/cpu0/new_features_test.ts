import { assertEquals } from "@std/assert";
import { NewFeatures } from "../../../src/cli/cpu0/new_features.ts";

Deno.test("NewFeatures.take() gives each feature once, and no mark of a meeting", () => {
  const coverage = new Uint8Array(8);
  const features = new NewFeatures(coverage);
  assertEquals(features.take(), []);
  coverage[3] = 1;
  coverage[1] = 3;
  coverage[5] = 2;
  assertEquals(features.take(), [1, 3]);
  coverage[3] = 3;
  coverage[7] = 1;
  assertEquals(features.take(), [7]);
  assertEquals(features.take(), []);
});
