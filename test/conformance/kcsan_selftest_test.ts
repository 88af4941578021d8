import { file } from "../machine/harness.ts";
import { withMachine } from "../machine/remote.ts";
import { SANITIZERS } from "../sanitizers/names.ts";
import { BARRIERS_OF_KIND, KINDS, observeBarriers } from "./kcsan/observe_barriers.ts";
import { conformance } from "./table.ts";

const observed = new Map<string, string>();
await withMachine({
  cpus: 2,
  target: file("test/conformance/kcsan_test_target.ts"),
  without: SANITIZERS.filter((s) => s !== "kcsan"),
  kcsan: "strict",
}, async (m) => {
  for (const kind of KINDS) {
    observed.set(kind, await observeBarriers(m, kind, BARRIERS_OF_KIND[kind]));
  }
});

const watchpoints = "about how watchpoints are packed into words; clocks have none";

conformance({
  detector: "KCSAN",
  suite: "kernel/kcsan/selftest.c",
  cases: [
    { name: "test_encode_decode", reason: watchpoints },
    { name: "test_matching_access", reason: watchpoints },
    ...KINDS.map((kind) => ({
      name: `test_barrier (${kind})`,
      expected: `${BARRIERS_OF_KIND[kind].length} of ${BARRIERS_OF_KIND[kind].length} ` +
        "barriers as listed",
      observe: () => observed.get(kind)!,
    })),
  ],
});
