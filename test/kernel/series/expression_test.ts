import { assert, assertEquals, assertThrows } from "@std/assert";
import { KernelError, parseKernel, versionOf } from "../../../src/kernel/series/expression.ts";
import {
  COMES_WITH,
  DETAILS,
  patchName,
  SERIES,
  VERSIONS,
} from "../../../src/kernel/series/kernels.ts";

const names = (expression: string) => parseKernel(expression).patches.map(patchName);

/** Not the name of a kernel, with these words. */
function refused(expression: string, message: string): void {
  const { message: found } = assertThrows(() => parseKernel(expression), KernelError);
  assert(found.includes(message), `expected "${message}", found "${found}"`);
}

Deno.test("a version has its patches and those of all versions before it", () => {
  assertEquals(names("posted"), []);
  assertEquals(names("v5.9"), [
    "7996a8b5511a",
    "11d6761218d1",
    "bf4f059954dc",
    "964d4bd370d5",
  ]);
  for (const [i, { name, adds }] of VERSIONS.entries()) {
    const before = i === 0 ? [] : parseKernel(VERSIONS[i - 1].name).patches;
    assertEquals(parseKernel(name), { name, patches: [...before, ...adds], changes: [] });
  }
});

Deno.test("a patch that is put in takes its place in the series", () => {
  const { name, patches, changes } = parseKernel("v5.10+3de7d4f25a74+eefbfa7fd678");
  assertEquals(name, "v5.10+3de7d4f25a74+eefbfa7fd678");
  assertEquals(patches.slice(-2).map(patchName), ["eefbfa7fd678", "3de7d4f25a74"]);
  assertEquals(patches, SERIES.filter((f) => patches.includes(f)));
  assertEquals(changes.map(patchName), ["3de7d4f25a74", "eefbfa7fd678"]);
});

Deno.test("a patch that is taken out leaves the others where they are", () => {
  const all = names("v5.14");
  assertEquals(names("v5.14-7fa0dacbaf12"), all.filter((n) => n !== "7fa0dacbaf12"));
  const two = "v5.14-271dd6b1f636-7fa0dacbaf12";
  assertEquals(names(two).length, all.length - 2);
  assertEquals(parseKernel(two).changes.length, 2);
});

Deno.test("a patch that was put in can be taken out again", () => {
  assertEquals(names("v5.10+3de7d4f25a74-3de7d4f25a74"), names("v5.10"));
});

Deno.test("a detail comes with those of its commits that the version has", () => {
  const added = (expression: string) =>
    names(expression).filter((name) => !names(versionOf(expression)).includes(name));
  assertEquals(added("v5.9+free_bulk"), ["free_bulk"]);
  assertEquals(added("v5.10+free_bulk"), ["free_bulk", "d1b2cf6cb84a"]);
  assertEquals(added("v5.10+free_bulk-d1b2cf6cb84a"), ["free_bulk"]);
  assertEquals(added("v5.9+free_bulk+d1b2cf6cb84a"), ["free_bulk", "d1b2cf6cb84a"]);
  refused("v5.10+free_bulk+d1b2cf6cb84a", "to v5.10+free_bulk: it is there already");
  refused("v5.10-d1b2cf6cb84a", "Cannot take d1b2cf6cb84a out of v5.10: it is not there");
  assertEquals(parseKernel("v6.1+free_bulk").changes, ["free_bulk"]);
  for (const [detail, commits] of Object.entries(COMES_WITH)) {
    assert(DETAILS.includes(detail), detail);
    for (const [file, since] of Object.entries(commits)) {
      assert(DETAILS.indexOf(file) > DETAILS.indexOf(detail), file);
      assert(VERSIONS.some(({ name }) => name === since), since);
    }
  }
});

Deno.test("a commit may be shortened to seven digits, lengthened, or given with its slug", () => {
  const full = parseKernel("v5.10+3de7d4f25a74");
  for (const word of ["3de7d4f", "3de7d4f25a7434f09a0", "3de7d4f25a74"]) {
    assertEquals(parseKernel(`v5.10+${word}`), full);
  }
  refused("v5.10+3de7d4", 'there is no patch "3de7d4"');
});

Deno.test("what is no kernel is refused, with what would be right", () => {
  refused("v5.10+0123456789ab", '"v5.10+0123456789ab": there is no patch "0123456789ab"');
  refused("v5.10+", 'there is no patch ""');
  refused("v5.10+fix", 'there is no patch "fix"; "deno task kernel list" prints those there are');
  refused("v5.10+2b0d3d3e4fcf", "Cannot add 2b0d3d3e4fcf to v5.10: it is there already");
  refused("v5.10+3de7d4f25a74+3de7d4f", "to v5.10+3de7d4f25a74: it is there already");
  refused("v5.10-3de7d4f25a74", "Cannot take 3de7d4f25a74 out of v5.10: it is not there");
  refused("v4.4", 'Cannot find kernel "v4.4": there are posted, v5.9, v5.10, ');
  refused("", 'Cannot find kernel ""');
});

Deno.test("the version of an expression is what stands before its patches", () => {
  assertEquals(versionOf("v5.14-68ac5b3c8db2+1"), "v5.14");
  assertEquals(versionOf("v5.14"), "v5.14");
});
