/** Every file that a campaign saves runs again by the printed command, and by nothing else. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { assertCode, cli, deno, eventsOf, filesIn, parsed, ROOT, withDir } from "./harness.ts";

const TITLE = "WARNING in obj_cgroup_uncharge";

/** A target of the user's, and a patch that warns at once. */
function writeFiles(dir: string): void {
  Deno.writeTextFileSync(
    `${dir}/mine.ts`,
    `import objcg from "file://${ROOT}fuzz/objcg.ts";\n` +
      `export default { ...objcg, name: "mine" };\n`,
  );
  Deno.writeTextFileSync(`${dir}/my patch.ts`, warning("WARN_ON(true)"));
}

function warning(statement: string): string {
  return `import { patch } from "file://${ROOT}src/kernel/patches/patch.ts";
import { WARN_ON } from "file://${ROOT}src/machine/findings/warn.ts";
export default patch("warn", "memcg: a test", {
  obj_cgroup_uncharge(_objcg: unknown, _size: number): void { ${statement}; },
  drain_all_stock(_memcg: unknown): void { WARN_ON(false); },
});
`;
}

/** The arguments of a printed command. */
function argumentsOf(command: string): string[] {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2]);
  assertEquals(words.slice(0, 3), ["deno", "task", "replay"]);
  return words.slice(3);
}

/** Run from a directory that has nothing to do with the files. */
function replayElsewhere(...args: string[]) {
  const main = `${ROOT}src/cli/main.ts`;
  return deno("run", "--quiet", "-A", "--config", `${ROOT}deno.json`, main, "replay", ...args);
}

Deno.test("a file found with flags says all of them, and replays by the printed command", () =>
  withDir(async (dir) => {
    writeFiles(dir);
    const flags = ["--cpus", "2", "--preempt", "none", "--kcsan", "strict", "--every-step"];
    flags.push("--no-sanitizer", "kasan", "--step-limit", "5000", "--kernel", "v5.9");
    flags.push("--patch", `${dir}/my patch.ts`, "--target", `${dir}/mine.ts`);
    const bound = ["--for", "100x", "--seed", "1", "--shards", "1", "--exit-on-crash", "--json"];
    const found = await cli("fuzz", ...flags, ...bound, "--corpus", `${dir}/c`);
    assertCode(found, 77);
    const [{ command, file }] = eventsOf(found, "crash");
    assertEquals(argumentsOf(command), [file]);
    const text = Deno.readTextFileSync(file);
    assertStringIncludes(text, `\ntarget: mine ${dir}/mine.ts sha256:`);
    assertStringIncludes(text, `\npatch: ${dir}/my patch.ts sha256:`);
    const headers =
      "preempt: none\nkcsan: strict\nwithout: kasan\nstep-limit: 5000\nevery-step: yes\n";
    assertStringIncludes(text, `\n${headers}expect v5.9: ${TITLE}\n`);
    const again = await cli("replay", ...argumentsOf(command), "--json");
    assertCode(again, 0);
    assertEquals(eventsOf(again, "replay").map(({ kernel, title }) => [kernel, title]), [
      ["v5.9", TITLE],
    ]);
    for (const verb of ["check", "fmt"]) assertCode(await cli("seed", verb, file), 0);
    assertEquals(Deno.readTextFileSync(file), text, "fmt keeps the lines");

    const small = await cli("minimize", file, "--out", `${dir}/small.txt`);
    assertCode(small, 0);
    const printed = /^Replay with: (.*)$/m.exec(small.out)![1];
    assertEquals(argumentsOf(printed), [`${dir}/small.txt`]);

    // Everything in another folder, and the patch and the target beside the file.
    Deno.mkdirSync(`${dir}/moved`);
    for (const name of ["small.txt", "mine.ts", "my patch.ts"]) {
      Deno.renameSync(`${dir}/${name}`, `${dir}/moved/${name}`);
    }
    const moved = await replayElsewhere(`${dir}/moved/small.txt`);
    assertCode(moved, 0);
    assertStringIncludes(moved.out, `ok       ${dir}/moved/small.txt  v5.9  ${TITLE}\n`);
  }));

Deno.test("a changed or missing patch is refused, unless --patch names another", () =>
  withDir(async (dir) => {
    writeFiles(dir);
    const bound = ["--for", "100x", "--seed", "1", "--shards", "1", "--exit-on-crash"];
    const patch = `${dir}/my patch.ts`;
    assertCode(await cli("fuzz", "--patch", patch, ...bound, "--corpus", `${dir}/c`), 77);
    const [file] = filesIn(`${dir}/c/crashes`, ".txt");
    Deno.writeTextFileSync(patch, warning("WARN_ON(false)"));
    const changed = await cli("replay", file);
    assertCode(changed, 1);
    assertStringIncludes(
      changed.err,
      `${file}:4:8: Cannot use patch "${patch}": it has changed since this file was written (sha256 `,
    );
    assertStringIncludes(changed.err, "): name the patch to run with --patch PATH\n");
    const fixed = await cli("replay", file, "--patch", patch);
    assertCode(fixed, 78);
    assertStringIncludes(fixed.err, "--patch replaces the patches that 1 file names\n");
    assertStringIncludes(fixed.out, `NOT MET  ${file}  posted  `);
    assertStringIncludes(fixed.out, `, expected: ${TITLE}\n`);
    Deno.removeSync(patch);
    assertStringIncludes(
      (await cli("seed", "check", file)).err,
      `${file}:4:8: Cannot find patch "${patch}" beside the file, above it or in the working`,
    );
  }));

Deno.test("a file that was found with --fixed in another checkout runs with the patches of this one", () =>
  withDir(async (dir) => {
    const bound = ["--for", "8000x", "--seed", "1", "--shards", "1", "--count-known"];
    const flags = ["--fixed", "s02", "--exit-on-crash", ...bound];
    assertCode(await cli("fuzz", ...flags, "--corpus", `${dir}/c`), 77);
    const [file] = filesIn(`${dir}/c/crashes`, ".txt");
    const text = Deno.readTextFileSync(file);
    const name = "src/kernel/patches/eefbfa7fd678-use-after-free-in-charge.ts";
    assertStringIncludes(text, `\npatch: ${ROOT}${name} sha256:`);
    // The other checkout may be here as well, or not.
    for (const checkout of ["/elsewhere/", `${dir}/`]) {
      Deno.mkdirSync(`${dir}/src/kernel/patches`, { recursive: true });
      Deno.writeTextFileSync(`${dir}/${name}`, "throw new Error()");
      Deno.writeTextFileSync(file, text.replaceAll(`patch: ${ROOT}`, `patch: ${checkout}`));
      assertCode(await cli("replay", file), 0);
    }
    Deno.writeTextFileSync(file, text.replaceAll(/sha256:\w{12}/g, "sha256:0123456789ab"));
    const changed = await cli("replay", file);
    assertCode(changed, 1);
    assertStringIncludes(changed.err, `Cannot use patch "${ROOT}${name}": it has changed since`);
  }));

Deno.test("the file of an input that hangs replays alone, and hangs", () =>
  withDir(async (dir) => {
    const patch = `${dir}/p.ts`;
    Deno.writeTextFileSync(patch, warning("while (true)"));
    const flags = ["--for", "100x", "--seed", "1", "--shards", "1", "--hang-timeout", "2s"];
    const ran = await cli("fuzz", "--patch", patch, ...flags, "--corpus", `${dir}/c`);
    assertCode(ran, 70);
    const [file] = filesIn(`${dir}/c/crashes`, ".txt");
    const [program] = await parsed([file]);
    assertEquals(program.patches?.map(({ path }) => path), [patch]);
    assertCode(await cli("replay", file, "--hang-timeout", "2s"), 70);
  }));
