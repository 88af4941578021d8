import { assertEquals } from "@std/assert";
import { combine } from "../../../src/engine/programs/combine.ts";
import { packed, printed, WORDS } from "./mutated.ts";

const ONE = "boot m1 = mkdir(root)\nboot m2 = mkdir(m1)\ncpu1 attach(cpu1, m2)";
const OTHER = "boot x1 = kmalloc(64)\ncpu0 kfree(x1)\ncpu0 m1 = mkdir(root)";

Deno.test("combine() takes boot operations first, and keeps the names of its parts apart", () => {
  assertEquals(printed(combine([packed(ONE), packed(OTHER)], WORDS)!), [
    "boot m1 = mkdir(root)",
    "boot m2 = mkdir(m1)",
    "boot x1 = kmalloc(64)",
    "cpu1 attach(cpu1, m2)",
    "cpu0 kfree(x1)",
    "cpu0 m3 = mkdir(root)",
  ]);
});

Deno.test("combine() gives up on what is too large", () => {
  const large = packed(Array.from({ length: 40 }, () => "boot mkdir(root)").join("\n"));
  assertEquals(combine([large, large], WORDS), null);
});
