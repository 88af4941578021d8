/** Comparing a text with a file next to the test. */
import { assertEquals } from "@std/assert";

/** Compare with `NAME.txt`; with UPDATE_GOLDEN=1 write it instead, to be reviewed as text. */
export function assertGolden(name: string, text: string): void {
  const file = new URL(`./${name}.txt`, import.meta.url);
  if (Deno.env.get("UPDATE_GOLDEN") === "1") Deno.writeTextFileSync(file, text);
  assertEquals(text, Deno.readTextFileSync(file));
}
