/**
 * SCTBench CS/bluetooth_driver: a driver that looks whether it is being stopped, and only then counts
 * itself in.
 *
 * @module
 */
import { atomic_add_return, atomic_inc } from "../../../src/machine/memory/access.ts";
import { expect, integers } from "./pthread.ts";
import { program, variantOf } from "./program.ts";

const { mended } = variantOf(import.meta.url);
const s = integers("driver", "pending", "stopping", "event", "stopped");

function leave(): void {
  if (atomic_add_return(-1, s.$pending) === 0) s.event = 1;
}

function add(): void {
  if (mended) atomic_inc(s.$pending);
  const stopping = s.stopping !== 0;
  if (!stopping) {
    if (!mended) atomic_inc(s.$pending);
    expect(s.stopped === 0);
  }
  if (mended || !stopping) leave();
}

export default program({
  url: import.meta.url,
  doc: "A request, while the driver is stopped.",
  boot: () => {
    s.pending = 1;
  },
  kinds: {
    stop() {
      s.stopping = 1;
      leave();
      if (s.event !== 0) s.stopped = 1;
    },
    add,
  },
  threads: ["stop", "add"],
});
