/**
 * Whether an input file asks for KCSAN.
 *
 * @module
 */
import type { KcsanMode, Program } from "./types.ts";

/** The default mode: the kernel's default configuration. */
export const DEFAULT_KCSAN: KcsanMode = "value-change";

/**
 * The mode in which a file runs on a kernel. A `kcsan` header decides. Without it, the default mode
 * is used if the file's title or the title that it expects on the kernel is one of KCSAN's.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const expects = [{ kernel: "posted", title: "KCSAN: data-race in f / g" }];
 * assertEquals(kcsanOf({ title: "a race", expects }, "posted"), "value-change");
 * assertEquals(kcsanOf({ title: "a race", expects }, "v5.9"), "off");
 * assertEquals(kcsanOf({ title: "a race", kcsan: "strict", expects: [] }, "v5.9"), "strict");
 * ```
 */
export function kcsanOf(
  { title, kcsan, expects }: Pick<Program, "title" | "kcsan" | "expects">,
  kernel: string,
): KcsanMode | "off" {
  if (kcsan !== undefined) return kcsan;
  const titles = [title, ...expects.filter((e) => e.kernel === kernel).map((e) => e.title ?? "")];
  return titles.some((t) => t.startsWith("KCSAN: ")) ? DEFAULT_KCSAN : "off";
}

/**
 * The `kcsan` header that a file needs so that its title is searched in this mode, if it needs one.
 */
export function kcsanHeader(title: string, mode: KcsanMode | "off"): KcsanMode | undefined {
  if (mode === "off" || (mode === DEFAULT_KCSAN && title.startsWith("KCSAN: "))) return undefined;
  return mode;
}
