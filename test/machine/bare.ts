/** An arena without a kernel, for tests of what lies below: this thread is CPU 0, undisturbed. */
import { DEFAULT_CONFIG } from "../../src/machine/words/config.ts";
import { load } from "../../src/machine/load.ts";

await load({ ...DEFAULT_CONFIG, cpus: 2 }, 0);
const { boot } = await import("../../src/machine/execution.ts");
boot(() => {});

/** Run what ends in an oops; returns its record and clears it. */
export async function oopsOf(f: () => void): Promise<{ title: string; text: string }> {
  const { ABORTED, readOops, titleOf } = await import("../../src/machine/findings/oops.ts");
  const C = await import("../../src/machine/words/control.ts");
  const { ctl } = await import("../../src/machine/words/arena.ts");
  const { regs, SP } = await import("../../src/machine/words/registers.ts");
  try {
    f();
  } catch (e) {
    if (e !== ABORTED) throw e;
  }
  const o = readOops();
  ctl[C.OOPS_KIND] = 0;
  ctl[C.ABORT] = 0;
  regs[SP] = 0;
  if (o === null) throw new Error("Nothing was found");
  return { title: titleOf(o), text: o.text };
}
