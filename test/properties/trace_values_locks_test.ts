import { file, makeMachine } from "../machine/harness.ts";
import { testTraceValues } from "./trace_values.ts";

/** Two CPUs wait for what CPU0 holds for writing. */
const waiting = (first: string, held: string, second: string, third: string) => `
  cpu0 ${first}()
  cpu1 ${second}()
  cpu2 ${third}()
  schedule:
  cpu0 until ${held}
  cpu1 until end
  cpu2 until end
  cpu0 until end
`;

const m = await makeMachine({ cpus: 3, target: file("test/machine/targets/locks.ts") });
await testTraceValues(m, 3, "the locks", [
  waiting("writer", "lock_writer: WRITE_ONCE", "writer", "reader"),
  waiting("reader", "lock_reader: READ_ONCE", "writer", "writer"),
  waiting("sem_writer", "lock_sem_writer: WRITE_ONCE", "sem_writer", "sem_reader"),
]);
