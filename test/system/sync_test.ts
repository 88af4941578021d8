/** Campaigns that share a directory (`--sync`): with processes, as two machines would. */
import { assert, assertEquals } from "@std/assert";
import { atomicFiles } from "../../src/cli/files/atomic_files.ts";
import { cli, events, PATIENT, start, withDir } from "./harness.ts";

const campaign = (dir: string, name: string, seed: number, execs: number) => [
  ...["--kernel", "v5.9", "--shards", "1", "--for", `${execs}x`, "--seed", String(seed)],
  ...["--sync", dir, "--name", name, "--json", ...PATIENT],
];

/** Names of the inputs in a folder; none if it does not exist yet. */
const filesIn = (dir: string) => atomicFiles.list(dir).map((f) => f.slice(dir.length + 1));

Deno.test("a campaign runs what another one found, keeps what is new, and finds what it shows", () =>
  withDir(async (dir) => {
    const first = await cli("fuzz", ...campaign(dir, "first", 1, 3000));
    const crash = events(first).find((e) => e.event === "crash")!;
    Deno.writeTextFileSync(`${dir}/first/queue/half.txt`, "objcg-fuzz 1\ncpus");
    const before = filesIn(`${dir}/first/queue`).length + filesIn(`${dir}/first/crashes`).length -
      1;

    const second = await cli("fuzz", ...campaign(dir, "second", 2, before + 5000));
    const [sync] = events(second).filter((e) => e.event === "sync");
    assertEquals([sync.inputs, sync.campaigns], [before + 1, 1]);
    const done = events(second).at(-1)!;
    assert(done.titles.includes(crash.title), done.titles.join("; "));
    assert(done.features > 500, `${done.features} features`);
    const own = filesIn(`${dir}/second/queue`);
    const others = new Set(filesIn(`${dir}/first/queue`));
    assertEquals(own.filter((name) => others.has(name)), [], "what another one has stays there");
  }));

Deno.test("a campaign that is killed takes nothing with it, and goes on under its name", () =>
  withDir(async (dir) => {
    const process = start("fuzz", ...campaign(dir, "a", 1, 10_000_000));
    const queue = `${dir}/a/queue`;
    while (filesIn(queue).length < 20) await new Promise((resolve) => setTimeout(resolve, 50));
    process.kill("SIGKILL");
    await process.status;
    const left = filesIn(queue);
    const again = await cli("fuzz", ...campaign(dir, "a", 2, 500));
    assert(events(again).at(-1)!.execs >= 500);
    assertEquals(left.filter((name) => !filesIn(queue).includes(name)), []);
    const other = await cli("fuzz", ...campaign(dir, "b", 3, 500));
    assert(events(other).some((e) => e.event === "sync" && e.inputs >= left.length));
  }));
