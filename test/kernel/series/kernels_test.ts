/** The list of kernels, and the patches that it names. */
import { assert, assertEquals, assertLess } from "@std/assert";
import { read, root } from "../../documentation.ts";
import { makeMachine } from "../../machine/harness.ts";
import {
  COMING,
  DETAILS,
  DRAFTS,
  patchName,
  SERIES,
  VERSIONS,
} from "../../../src/kernel/series/kernels.ts";
import { fixedBugs, FIXES, patchesThatFix } from "../../../src/kernel/series/fixes.ts";
import type { Patch } from "../../../src/kernel/patches/patch.ts";

const FOLDER = "src/kernel/patches";

// A machine, so that there is memory for the structures of all patches.
await makeMachine({ cpus: 1, kernel: VERSIONS.at(-1)!.name });
const { functionNames } = await import("../../../src/machine/calls/registry.ts");
const series = new Map<string, Patch>();
for (const file of SERIES) {
  series.set(file, (await import(`../../../${FOLDER}/${file}.ts`)).default);
}

/** The other patches that a patch file imports. */
function imported(file: string): string[] {
  return [...read(`${FOLDER}/${file}.ts`).matchAll(/from "\.\/([0-9a-f]{12}-[^"]*)\.ts"/g)]
    .map(([, name]) => patchName(name));
}

/** Patches that only `--fixed` puts in place. */
function fixes(): string[] {
  const all = FIXES.flatMap(({ patches }) => Object.values(patches).flat());
  return [...new Set(all)].filter((name) => ![...SERIES, ...DETAILS].includes(name));
}

/** `v5.9` as a number that grows with the version. */
function numberOf(version: string): number {
  const [, major, minor] = /^v(\d+)\.(\d+)$/.exec(version)!;
  return Number(major) * 1000 + Number(minor);
}

Deno.test("every file of a patch is in the list once or is a fix, and the lists name no other", () => {
  const files = [...Deno.readDirSync(new URL(FOLDER, root))].map(({ name }) => name)
    .filter((name) => name.endsWith(".ts") && name !== "patch.ts").map((name) =>
      name.replace(/\.ts$/, "")
    );
  assertEquals([...SERIES, ...DETAILS, ...COMING, ...DRAFTS, ...fixes()].sort(), files.sort());
});

Deno.test("versions are in order, each has a sentence, and all but the base add patches", () => {
  const [base, ...later] = VERSIONS;
  assertEquals([base.name, base.adds], ["posted", []]);
  for (const { name, doc, adds } of later) {
    assert(doc.length > 0 && adds.length > 0, name);
  }
  const numbers = later.map(({ name }) => numberOf(name));
  assertEquals(numbers, [...new Set(numbers)].sort((a, b) => a - b));
});

Deno.test("a file is named for the commit of its patch, with a slug", () => {
  for (const [file, { name, title, about }] of series) {
    assert(/^[0-9a-f]{12}-[a-z0-9-]+$/.test(file), file);
    assertEquals(name, patchName(file));
    assertEquals(about!.link, `https://git.kernel.org/torvalds/c/${name}`);
    assert(/^[\w/:, ()-]+: \S/.test(title), `${file} has no subject of a commit: ${title}`);
    assert(read(`${FOLDER}/${file}.ts`).includes(name), file);
  }
});

Deno.test("no version has a patch of a later one", () => {
  for (const { name, adds } of VERSIONS) {
    for (const file of adds) {
      assert(numberOf(series.get(file)!.about!.version) <= numberOf(name), `${name}: ${file}`);
    }
  }
});

Deno.test("what a patch needs, and what its file imports, comes before it", () => {
  const order = SERIES.map(patchName);
  for (const [file, { name, about }] of series) {
    for (const need of about!.needs) {
      assert(order.includes(need), `${file} needs ${need}`);
      assertLess(order.indexOf(need), order.indexOf(name), `${file} needs ${need}`);
    }
    assertEquals(imported(file).filter((other) => !about!.needs.includes(other)), [], file);
  }
});

Deno.test("what a patch replaces or adds is a function of the kernel", () => {
  const names = functionNames();
  for (const [file, { functions, about }] of series) {
    for (const f of [...Object.keys(functions), ...about!.adds]) {
      assert(names.includes(f), `${file}: ${f}`);
    }
  }
});

Deno.test("what a patch adds, nothing before it replaces", () => {
  const known = new Set<string>();
  for (const { name, functions, about } of series.values()) {
    for (const f of about!.adds) assert(!known.has(f), `${name} adds ${f}, which is there already`);
    for (const f of Object.keys(functions)) known.add(f);
  }
});

Deno.test("every patch does something: it replaces or adds a function, or the kernel asks for it", () => {
  const asked = [...Deno.readDirSync(new URL("src/kernel", root))]
    .filter(({ name }) => name.endsWith(".ts")).map(({ name }) => read(`src/kernel/${name}`))
    .join();
  for (const [file, { name, functions, about }] of series) {
    const changed = [...Object.keys(functions), ...about!.adds];
    assert(changed.length > 0 || asked.includes(`has("${name}")`), file);
  }
});

Deno.test("no fix of another bug undoes a draft or a patch to come: it replaces none of its functions", async () => {
  const load = async (file: string): Promise<Patch> =>
    (await import(`../../../${FOLDER}/${file}.ts`)).default;
  const { isAround } = await import("../../../src/kernel/patches/patch.ts");
  const versions = VERSIONS.map(({ name }) => name);
  for (const file of [...COMING, ...DRAFTS]) {
    const { name, functions, about } = await load(file);
    // The version that it is for, or the newest if that is to come.
    const version = versions.includes(about!.version) ? about!.version : versions.at(-1)!;
    const kernel = `${version}+${name}`;
    const bugs = fixedBugs(kernel).filter((bug) => bug !== name.slice(0, -1));
    for (const fix of patchesThatFix(bugs, kernel)) {
      const undone = Object.entries((await load(fix)).functions)
        .filter(([f, body]) => f in functions && !isAround(body)).map(([f]) => f);
      assertEquals(undone, [], `${fix} on ${kernel}`);
    }
  }
});
