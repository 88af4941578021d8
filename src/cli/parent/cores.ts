/**
 * Pinning. A switch between CPUs costs 1–2 µs if the shard stays on one core, and up to 30 µs if it
 * moves between cores.
 *
 * @module
 */

/** The cores that this process may use; null without `taskset`, which reads and sets them. */
export function pinnableCores(): number[] | null {
  try {
    const { success, stdout } = new Deno.Command("taskset", {
      args: ["-pc", String(Deno.pid)],
      stderr: "null",
    }).outputSync();
    const cores = success ? parseCores(new TextDecoder().decode(stdout)) : [];
    return cores.length > 0 ? cores : null;
  } catch {
    // `taskset` is not installed, or not on the PATH that Deno resolved the permission with.
    return null;
  }
}

/** The cores in `pid 7's current affinity list: 0-2,5`. */
export function parseCores(line: string): number[] {
  const list = /:\s*([\d,-]+)\s*$/.exec(line);
  if (!list) return [];
  return list[1].split(",").flatMap((range) => {
    const [from, to = from] = range.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}
