/**
 * Pinning: handing the baton over costs 1–2 µs when a shard stays on one core and up to 30 µs when
 * it roams.
 *
 * @module
 */

/** The cores this process may use; null if there is no `taskset` to ask or to pin with. */
export function pinnableCores(): number[] | null {
  try {
    const { success, stdout } = new Deno.Command("taskset", {
      args: ["-pc", String(Deno.pid)],
      stderr: "null",
    }).outputSync();
    const cores = success ? parseCores(new TextDecoder().decode(stdout)) : [];
    return cores.length > 0 ? cores : null;
  } catch {
    // Not installed, or not on the PATH that permissions were resolved with.
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
