/** An arena without a kernel, for tests of what lies below: this thread is CPU 0, undisturbed. */
import { ABORT, OOPS_KIND } from "../../src/machine/layout/oops.ts";
import { views } from "../../src/machine/words/arena.ts";
import { DEFAULT_CONFIG } from "../../src/machine/words/config.ts";
import { load } from "../../src/machine/load.ts";

const place = { config: { ...DEFAULT_CONFIG, cpus: 2 }, cpu: 0 };
const { modules } = await load(place, () => import("../../src/machine/boot.ts"));
modules.boot(() => {});

/** Run what ends in an oops; returns its record and clears it. */
export async function oopsOf(f: () => void): Promise<{ title: string; text: string }> {
  const { ABORTED, readOops, titleOf } = await import("../../src/machine/findings/oops.ts");
  const { ctl } = views();
  const { regs, SP } = await import("../../src/machine/layout/registers.ts");
  try {
    f();
  } catch (e) {
    if (e !== ABORTED) throw e;
  }
  const o = readOops();
  ctl[OOPS_KIND] = 0;
  ctl[ABORT] = 0;
  regs[SP] = 0;
  if (o === null) throw new Error("Nothing was found");
  return { title: titleOf(o), text: o.text };
}
