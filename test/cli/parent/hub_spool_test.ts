import { assertEquals } from "@std/assert";
import { atomicFiles } from "../../../src/cli/files/atomic_files.ts";
import { Spool } from "../../../src/cli/parent/hub_spool.ts";
import { withFeatures } from "../../../src/cli/protocol/feature_line.ts";
import type { CrashEvent } from "../../../src/cli/protocol/jobs.ts";
import { withDir } from "../harness.ts";

const input = (n: number) => `objcg-fuzz 1\ntitle: t${n}\ncpus: 2\n\ncpu0  poke()\n`;

function spool(dir: string, max = 10) {
  const s = new Spool({ files: atomicFiles, dir, max });
  const write = (n: number, ...features: number[]) =>
    atomicFiles.write(`${dir}/queue/${n}.txt`, withFeatures(input(n), features));
  /** Tell all entries; the titles of those that are sent. */
  const tell = () => {
    const batch = s.batch();
    s.told(batch);
    return batch.entries.map(({ text }) => /t(\d)/.exec(text.split("\n")[1])![1]).join("");
  };
  return { s, write, tell };
}

Deno.test("each entry is told once, without the line of its features", () =>
  withDir((dir) => {
    const { s, tell, write } = spool(dir);
    write(1, 10);
    write(2, 20, 21);
    s.look(false);
    assertEquals(s.batch().entries.map(({ text }) => text), [input(1), input(2)]);
    assertEquals(s.size, 2, "until it is told, it waits");
    assertEquals([tell(), s.size], ["12", 0]);
    write(3, 30);
    s.look(false);
    assertEquals(tell(), "3");
  }));

Deno.test("an entry whose features the hub has is not told", () =>
  withDir((dir) => {
    const { s, tell, write } = spool(dir);
    s.cover([10, 20]);
    write(1, 10);
    write(2, 20, 21);
    write(3, 10, 20);
    s.look(false);
    assertEquals([tell(), s.size], ["2", 0]);
  }));

Deno.test("a spool that is full gives up the oldest entries, and no finding", () =>
  withDir((dir) => {
    const { s, tell, write } = spool(dir, 2);
    for (const n of [1, 2, 3, 4]) write(n, n);
    atomicFiles.write(`${dir}/crashes/a-01234567.txt`, input(0));
    s.look(true);
    assertEquals([s.dropped, s.size], [2, 3]);
    assertEquals(tell(), "34");
  }));

Deno.test("a finding is told with its cause as soon as a shard tells of it; at the start, any", () =>
  withDir((dir) => {
    const { s } = spool(dir);
    const file = "memory-leak-01234567.txt";
    atomicFiles.write(`${dir}/crashes/${file}`, input(1));
    atomicFiles.write(`${dir}/crashes/hang-01234567.txt`, input(2));
    s.look(false);
    assertEquals(s.finding(), null);
    s.heard({ event: "crash", file: `x/${file}`, cause: "c", known: "k" } as CrashEvent);
    s.look(false);
    const { cause, known, title } = s.finding()!;
    assertEquals([title, cause, known], ["t1", "c", "k"]);
    s.found();
    assertEquals(s.finding(), null);

    const again = spool(dir).s;
    again.look(true);
    assertEquals(again.finding()!.cause, "t1");
    again.has(file);
    assertEquals(again.finding(), null, "the hub has it");
  }));
