/**
 * Which barriers order the accesses that they must order. The machine runs behind messages; the
 * list of barriers is read from a copy of the target in this thread, which runs nothing.
 */
import { loadToRead } from "../../../src/machine/load.ts";
import type { RemoteMachine } from "../../machine/remote.ts";

const { BARRIERS, KINDS, orders } = await loadToRead(() => import("./barriers.ts"));
export { KINDS };

/**
 * Numbers of all barriers, and for each kind of access those that the boot-time selftest checks.
 */
export const LISTED: readonly number[] = BARRIERS.map((_, n) => n);
const selftest = (kind: typeof KINDS[number]) =>
  LISTED.filter((n) => BARRIERS[n].selftest && orders(BARRIERS[n], kind));
export const BARRIERS_OF_KIND = {
  read: selftest("read"),
  write: selftest("write"),
  rw: selftest("rw"),
};

/** Try each barrier with a kind of access: `47 of 47 barriers as listed`, or which are not. */
export async function observeBarriers(
  m: RemoteMachine,
  kind: typeof KINDS[number],
  listed: readonly number[],
): Promise<string> {
  const wrong: string[] = [];
  for (const n of listed) {
    const k = KINDS.indexOf(kind);
    const { title } = await m.run(`cpu0 barrier(${k}, ${n})\ncpu1 barrier_seen(${k}, ${n})`);
    const other = title !== null &&
      title !== "KCSAN: data-race in test_barrier / test_barrier_seen";
    if (other || (title === null) !== orders(BARRIERS[n], kind)) {
      wrong.push(`${BARRIERS[n].name} ${title ?? "orders"}`);
    }
  }
  const right = listed.length - wrong.length;
  return `${right} of ${listed.length} barriers as listed${wrong.map((w) => `; ${w}`).join("")}`;
}
