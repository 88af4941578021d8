import { assert, assertThrows } from "@std/assert";
import { makeMachine } from "../../machine/harness.ts";
import { KernelError, parseKernel } from "../../../src/kernel/series/expression.ts";
import { SERIES, VERSIONS } from "../../../src/kernel/series/kernels.ts";
import { checkKernel } from "../../../src/kernel/series/check.ts";
import type { Patch } from "../../../src/kernel/patches/patch.ts";

await makeMachine({ cpus: 1, kernel: VERSIONS.at(-1)!.name });
const series = new Map<string, Patch>();
for (const file of SERIES) {
  series.set(file, (await import(`../../../src/kernel/patches/${file}.ts`)).default);
}

function refused(expression: string, message: string): void {
  const check = () => checkKernel(parseKernel(expression), series);
  const { message: found } = assertThrows(check, KernelError);
  assert(found.includes(message), `expected "${message}", found "${found}"`);
}

Deno.test("every version has what its patches need", () => {
  for (const { name } of VERSIONS) checkKernel(parseKernel(name), series);
});

Deno.test("every patch can be put on the version before its own, with what it needs", () => {
  for (const [i, { name, adds }] of VERSIONS.slice(1).entries()) {
    for (const file of adds) {
      const needed = new Set<string>();
      const need = (f: string) => {
        for (const word of series.get(f)!.about!.needs) {
          const other = SERIES.find((s) => s.startsWith(word))!;
          if (adds.includes(other)) need(other);
        }
        needed.add(f.slice(0, 12));
      };
      need(file);
      const expression = [VERSIONS[i].name, ...needed].join("+");
      // Of those that it needs, it may replace all that they do; the patch itself must count.
      const { name: full, patches } = parseKernel(expression);
      checkKernel({ name: full, patches, changes: [file] }, series);
      assert(patches.includes(file), `${name}: ${file}`);
    }
  }
});

Deno.test("a kernel whose patches lack what they need is refused", () => {
  refused(
    "v5.14-68ac5b3c8db2",
    "Cannot put v5.14-68ac5b3c8db2 together: 5387c90490f7 needs 68ac5b3c8db2, which is not in it",
  );
  refused("v5.10+5387c90490f7", "5387c90490f7 needs 68ac5b3c8db2");
});

Deno.test("a patch that a later one replaces is refused, since it would make no difference", () => {
  refused(
    "v5.13-eefbfa7fd678",
    "eefbfa7fd678 would make no difference, since e74d225910ec replaces obj_cgroup_charge after it",
  );
});

Deno.test("a patch that a later one only does something around makes a difference", async () => {
  const known = new Map(series);
  for (const file of ["memsw", "objcg_slots", "page_counter_stock"]) {
    known.set(file, (await import(`../../../src/kernel/patches/${file}.ts`)).default);
  }
  for (const kernel of ["v7.1+objcg_slots+page_counter_stock", "v7.1+memsw+page_counter_stock"]) {
    checkKernel(parseKernel(kernel), known);
  }
});
