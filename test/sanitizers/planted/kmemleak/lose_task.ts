/** Planted: a task that was reaped is not freed. */
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("lose-task", "exit: planted: lose a task", {
  delayed_put_task_struct(): void {},
});
