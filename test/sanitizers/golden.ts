/** Comparing reports with golden files. */
import { assertEquals } from "@std/assert";

const query = { name: "env", variable: "UPDATE_GOLDEN" } as const;
const update = Deno.permissions.querySync(query).state === "granted" &&
  Deno.env.get(query.variable) === "1";

/**
 * Compare a report with `golden/NAME.txt`, where NAME is `SANITIZER/WHAT`, or `machine/WHAT` for
 * the machine's own findings. With UPDATE_GOLDEN=1 write the file instead, to be reviewed as text.
 * Addresses are masked, because they move whenever a structure of the kernel gets a field.
 */
export function assertGolden(name: string, report: string): void {
  const text = report.replace(/\b[0-9a-f]{8}\b/g, "[address]")
    .replace(/(percpu_count_ptr =) \d+/g, "$1 [address]");
  const file = new URL(`./golden/${name}.txt`, import.meta.url);
  if (update) Deno.writeTextFileSync(file, text);
  assertEquals(text, Deno.readTextFileSync(file));
}
