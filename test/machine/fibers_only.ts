/**
 * The executor of a machine without Workers: fibers run every execution, or it cannot be run.
 *
 * @module
 */
import { hasGivenUp, runNested } from "../../src/machine/fibers/nested.ts";
import { Workers } from "../../src/machine/workers.ts";

export class FibersOnly extends Workers {
  protected override readonly runCpus = () => {
    runNested();
    if (hasGivenUp()) throw new Error("Cannot run the input: one stack is not enough for it");
  };
}
