/**
 * The part of target `percpu_ref` that uses a reference count as the block layer does: a request
 * queue is entered and left, and frozen by several at once.
 *
 * @module
 */
import { type OpDefinition, ref } from "../src/prog/target.ts";
import {
  blk_alloc_queue,
  blk_freeze_queue_start,
  blk_mq_timeout_work,
  blk_mq_unfreeze_queue,
  blk_queue_enter,
  blk_queue_exit,
  type request_queue,
  request_queues,
} from "../src/kernel/blk-mq.ts";
import { type percpu_ref, percpu_ref_is_dying } from "../src/kernel/percpu-refcount.ts";
import { addTally, forEachHandle, takeTally, tally } from "../src/machine/context/handles.ts";
import { WARN_ON } from "../src/machine/findings/warn.ts";
import { RefReader } from "../src/machine/memory/refs.ts";
import { kernel } from "../src/machine/calls/registry.ts";
import { container_of } from "../src/machine/memory/struct.ts";
import { outstanding } from "./percpu_ref_count.ts";

/** One is enough: it is about who meets whom at it. */
const N = 1;
const queues = request_queues(N);
const type = queues[0].type;
const REF = new RefReader(type, "q_usage_counter");

/** Tally per queue: who is inside. */
const INSIDE = 0;
/** The first tally that is free for others. */
export const QUEUE_TALLIES = N;

/**
 * blk_queue_usage_counter_release(): it is empty. It only wakes waiters, so it may come late: the queue
 * may be thawed, and others be inside, before the one who put the last reference calls it.
 */
const queue_release = kernel("queue_release", (r: percpu_ref): void => {
  const q = container_of(r, type);
  const i = q.index;
  const isEmpty = outstanding(q, REF) === 0;
  WARN_ON(
    isEmpty && tally(INSIDE + i) !== 0,
    `queue q${i} is empty with ${tally(INSIDE + i)} inside`,
  );
});

/** Boot: make them. */
export function makeQueues(): void {
  for (const q of queues) blk_alloc_queue(q, queue_release);
}

function leave(q: request_queue): void {
  takeTally(INSIDE + q.index, 1);
  blk_queue_exit(q);
}

/** Let everybody out and thaw everything, as often as it was frozen. */
export function thawQueues(): void {
  forEachHandle("request", (q) => leave(q as request_queue));
  forEachHandle("frozen", (q) => blk_mq_unfreeze_queue(q as request_queue));
}

/** Each queue must be what it was at first. Context: everything that was put off is done. */
export const queue_verify = kernel("queue_verify", (): void => {
  for (const q of queues) {
    const n = outstanding(q, REF);
    WARN_ON(q.mq_freeze_depth !== 0, `queue q${q.index} is frozen ${q.mq_freeze_depth} times`);
    WARN_ON(n !== 1, `queue q${q.index} counts ${n} references instead of 1`);
    WARN_ON(percpu_ref_is_dying(q.q_usage_counter), `queue q${q.index} stays frozen`);
  }
});

/** Names that exist from the start. */
export const queueNames = Object.fromEntries(
  queues.map((q, i) => [`q${i}`, { type: "queue", address: () => q.a }]),
);

const EVERYWHERE = ["task", "softirq", "hardirq"] as const;
const queue = ref("queue");

export const queueOps: Readonly<Record<string, OpDefinition>> = {
  enter: {
    doc: "Enter a queue with a request, unless it is frozen.",
    args: [queue],
    result: "request",
    contexts: EVERYWHERE,
    weight: 3,
    bootWeight: 2,
    run(q: request_queue): number {
      if (blk_queue_enter(q) !== 0) return 0;
      addTally(INSIDE + q.index, 1);
      return q.a;
    },
  },
  leave: {
    doc: "End a request, which leaves its queue.",
    args: [ref("request")],
    consumes: ["request"],
    contexts: EVERYWHERE,
    weight: 3,
    run: leave,
  },
  freeze: {
    doc: "Freeze a queue: nobody enters it from now on.",
    args: [queue],
    result: "frozen",
    weight: 2,
    bootWeight: 0.5,
    run(q: request_queue): number {
      blk_freeze_queue_start(q);
      return q.a;
    },
  },
  unfreeze: {
    doc: "Undo freeze().",
    args: [ref("frozen")],
    consumes: ["frozen"],
    weight: 2,
    run: (q: request_queue) => blk_mq_unfreeze_queue(q),
  },
  timeout: {
    doc: "Look for requests that take too long, frozen or not, unless the queue is empty.",
    args: [queue],
    weight: 2,
    run: (q: request_queue) => Number(blk_mq_timeout_work(q)),
  },
};
