/**
 * 0f383b6dc96e ("locking/spinlock: Provide RT variant"), v5.15.
 *
 * PREEMPT_RT comes into the kernel. Unlike in the RT trees before, whoever holds a sleeping spinlock is
 * an RCU reader; preempt.ts has it, for locks are no registered functions.
 *
 * @module
 */
import { commit } from "./patch.ts";

export default commit({
  commit: "0f383b6dc96e",
  subject: "locking/spinlock: Provide RT variant",
  version: "v5.15",
}, {});
