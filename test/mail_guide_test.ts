/** "From a mail to a seed in ten minutes": every step of the page, as a reader would do it. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { block, commandsOf, deno, read, withDir } from "./documentation.ts";

const PAGE = "corpus/objcg/README.md";
const PROGRAM = "objcg-fuzz 1\n";
const SCHEDULE = "schedule:\n";
const EXPECT = "expect v6.7+b11b";

/** Run a command of the page with files in `dir`. */
function run(command: string, dir: string): ReturnType<typeof deno> {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word);
  assertEquals(words.slice(0, 2), ["deno", "task"]);
  const args = words.slice(2).map((w) => w === "leak.txt" ? `${dir}/leak.txt` : w);
  return deno("task", "--quiet", ...args);
}

/** The text of `leak.txt` after a step: the program, and what later steps add. */
function fileOf({ expects = false, schedule = false }): string {
  let text = block(PAGE, PROGRAM.trim());
  if (schedule) text += `\n${block(PAGE, SCHEDULE.trim())}`;
  if (expects) text = text.replace("cpus: 2\n", `cpus: 2\n${block(PAGE, EXPECT)}`);
  return text;
}

/** Run the commands of a block that shows what they print; each line must be printed, in order. */
async function shows(start: string, dir: string): Promise<void> {
  const parts = block(PAGE, start).split(/^\$ /m).filter((part) => part !== "");
  for (const part of parts) {
    const [command, ...lines] = part.trimEnd().split("\n");
    const { text } = await run(command, dir);
    let from = 0;
    for (const line of lines) {
      const printed = text.replaceAll(`${dir}/`, "");
      const at = printed.indexOf(line, from);
      assert(at >= 0, `${command} does not print "${line}":\n${printed}`);
      from = at + line.length;
    }
  }
}

function save(dir: string, text: string): void {
  Deno.writeTextFileSync(`${dir}/leak.txt`, text);
}

Deno.test("step 1: the list has what the page shows", async () => {
  const [command] = commandsOf(PAGE);
  const { text } = await run(command, "");
  const withoutLines = (s: string) => s.replace(/:\d+(?=,|$)/gm, "");
  assertStringIncludes(withoutLines(text), withoutLines(block(PAGE, "current_objcg_update()")));
});

Deno.test("step 2: the file that is begun is valid, and the last command leaves the seed as it is", () =>
  withDir(async (dir) => {
    const [, begin, format, ...more] = commandsOf(PAGE);
    assertEquals(more, []);
    assertEquals((await run(begin, dir)).code, 0);
    assertEquals((await run("deno task seed check leak.txt", dir)).code, 0);
    const whole = fileOf({ expects: true, schedule: true });
    save(dir, whole);
    assertEquals((await run(format, dir)).code, 0);
    assertEquals(Deno.readTextFileSync(`${dir}/leak.txt`), whole);
  }));

Deno.test("step 3: without a schedule nothing is found", () =>
  withDir(async (dir) => {
    save(dir, fileOf({}));
    await shows("$ deno task seed check", dir);
  }));

Deno.test("step 4: with the schedule the objcg leaks", () =>
  withDir(async (dir) => {
    save(dir, fileOf({ schedule: true }));
    await shows(
      "$ deno task replay leak.txt --kernel v6.7+b11b\nUNJUDGED leak.txt  v6.7+b11b  mem",
      dir,
    );
  }));

Deno.test("step 4: the search finds a schedule by itself", () =>
  withDir(async (dir) => {
    const [, command] = /`(deno task fuzz [^`]*)`/.exec(read(PAGE))!;
    const bounded = command.replace("--for 60s", `--for 3000x --seed 3 --shards 1 --corpus ${dir}`);
    const { code, text } = await run(bounded, dir);
    assertEquals(code, 77, text);
    assertStringIncludes(text, "memory leak: obj_cgroup that nobody points to");
  }));

Deno.test("step 5: the seed says what to expect, and the matrix what others show", () =>
  withDir(async (dir) => {
    save(dir, fileOf({ expects: true, schedule: true }));
    await shows("$ deno task replay leak.txt\nok", dir);
    await shows("$ deno task matrix leak.txt", dir);
  }));

Deno.test("the seed that is kept is the one of the page, and the story", () => {
  const kept = read("corpus/objcg/seeds/b11-objcg-of-a-failed-cmpxchg.txt");
  for (const line of fileOf({ expects: true, schedule: true }).split("\n")) {
    if (/^(title|status|cpu0 {2}kmalloc)/.test(line)) continue;
    assertStringIncludes(kept, line);
  }
});
