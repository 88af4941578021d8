import { makeMachine } from "../machine/harness.ts";
import { testTraceValues } from "./trace_values.ts";

/** CPU1 waits for the lock that CPU0 holds. */
const CONTENDED = `
  cpu0 ab()
  cpu1 ab()
  schedule:
  cpu0 until lab_lock: READ_ONCE
  cpu1 until end
  cpu0 until end
`;
/** The last access of a callback, and right after it that of the task, which it interrupted. */
const CALLBACK = `
  cpu0 defer(0)
  cpu0 inc()
  cpu1 reader()
  schedule:
  cpu1 until lab_reader: READ_ONCE
  cpu0 until lab_inc: WRITE_ONCE
  cpu1 until end
  cpu0 softirq
  cpu0 until end
`;
/** The same with handlers in handlers. */
const NESTED = `
  cpu0 inc()
  cpu0 softirq touch()
  cpu0 hardirq touch()
  cpu0 nmi touch()
  schedule:
  cpu0 until lab_inc: WRITE_ONCE
  cpu0 interrupt
  cpu0 until lab_touch: atomic_add y
  cpu0 interrupt
  cpu0 until lab_touch: atomic_add y
  cpu0 interrupt
  cpu0 until end
`;

const m = await makeMachine({ cpus: 4 });
await testTraceValues(m, 4, "the test target", [CONTENDED, CALLBACK, NESTED]);
