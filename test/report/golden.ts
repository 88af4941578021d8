/** Compares a text with a file next to the test. */
import { assertEquals } from "@std/assert";

/** Compare with `NAME.txt`. With UPDATE_GOLDEN=1, write the file first; review the difference. */
export function assertGolden(name: string, text: string): void {
  const file = new URL(`./${name}.txt`, import.meta.url);
  if (Deno.env.get("UPDATE_GOLDEN") === "1") Deno.writeTextFileSync(file, text);
  assertEquals(text, Deno.readTextFileSync(file));
}
