/**
 * What blocked CPUs wait for, in words, for the report of a deadlock.
 *
 * @module
 */
import { READER, READERS_IN } from "../layout/lock_word.ts";
import { CPUS_MAX } from "../layout/sizes.ts";
import {
  WAIT_JOIN,
  WAIT_KIND,
  WAIT_LOCK,
  WAIT_ON,
  WAIT_RCU,
  WAIT_READ,
  WAIT_READ_NOW,
  WAIT_STOP_MACHINE,
  WAIT_WRITE,
} from "../layout/waits.ts";
import { views } from "../words/arena.ts";
import { lockOwner } from "./lock.ts";
import { lockClassAt, lockClassName } from "./lock_class.ts";

const { ctl, mem } = views();

/** What a blocked CPU waits for, in words. */
export function describeWait(cpu: number): string {
  const on = ctl[WAIT_ON + cpu];
  switch (ctl[WAIT_KIND + cpu]) {
    case WAIT_LOCK:
    case WAIT_WRITE:
    case WAIT_READ:
    case WAIT_READ_NOW:
      return `waits for ${lockClassName(lockClassAt(on))}${holders(on)}`;
    case WAIT_RCU:
      return "waits for a grace period";
    case WAIT_STOP_MACHINE:
      return `waits for CPU${on} to stop`;
    case WAIT_JOIN:
      return `waits for CPU${on} to finish`;
    default:
      return "waits for a word to change";
  }
}

function holders(a: number): string {
  const owner = lockOwner(a);
  if (owner >= 0 && owner < CPUS_MAX) return `, held by CPU${owner}`;
  const readers = (mem[a] & READERS_IN) / READER;
  if (readers > 0) return `, held by ${readers} reader${readers === 1 ? "" : "s"}`;
  return owner < 0 && mem[a] !== 0 ? ", for which a writer waits" : "";
}
