import { makeMachine } from "../machine/harness.ts";
import { PLANTED, testReported } from "./plants.ts";

const m = await makeMachine({ cpus: 2, target: PLANTED, stepLimit: 400, stacks: true });

/** For each golden file: programs and their titles. */
const PLANTS: Record<string, Record<string, string>> = {
  "irq_state/flags": {
    "cpu0 irq_wrong_flags()":
      "WARNING: irqs enabled by the flags of another section in do_irq_wrong_flags",
    "cpu0 irq_restore_on()":
      "WARNING: raw_local_irq_restore() called with IRQs enabled in do_irq_restore_on",
  },
  "irq_state/handler": {
    "cpu0 hardirq irq_enable()": "WARNING: irq handler enabled interrupts in do_irq_enable",
    "cpu0 hardirq irq_lock()": "WARNING: lock held when leaving an interrupt: lock_c",
    "cpu0 softirq irq_preempt()": "WARNING: preemption leak in an interrupt",
  },
  "balance/bh": { "cpu0 irq_bh()": "WARNING: softirqs left off" },
};
for (const [golden, plants] of Object.entries(PLANTS)) testReported(m, golden, plants);
