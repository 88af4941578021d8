import { assert, assertEquals, assertMatch } from "@std/assert";
import { withDir } from "../harness.ts";
import { Exchange, type ExchangeOptions } from "../../../src/cli/cpu0/exchange.ts";
import { atomicFiles } from "../../../src/cli/files/atomic_files.ts";
import { specOf } from "../../../src/prog/target.ts";

const spec = specOf({ name: "t", doc: "A test.", ops: { poke: { doc: "Do it.", run: () => 0 } } });
const input = (more = "", cpus = 2) =>
  `objcg-fuzz 1\ntitle: t\ntarget: t\ncpus: ${cpus}\n${more}\ncpu0  poke()\n`;

function exchange(dir: string, more: Partial<ExchangeOptions> = {}) {
  const bad: [path: string, why: string][] = [];
  const news: [inputs: number, campaigns: number][] = [];
  const x = new Exchange({
    dir,
    name: "mine",
    spec,
    cpus: 2,
    surroundings: {},
    files: atomicFiles,
    onBad: (path, why) => bad.push([path.slice(dir.length + 1), why]),
    onNews: (inputs, campaigns) => news.push([inputs, campaigns]),
    ...more,
  });
  /** Look, and count the inputs that can be run. */
  const taken = (execs = 0) => {
    let n = 0;
    x.look(execs);
    while (x.next() !== null) n++;
    return n;
  };
  return { x, bad, news, taken };
}

Deno.test("inputs of others are taken once, and those of the own shards", () =>
  withDir((dir) => {
    const { bad, news, taken, x } = exchange(dir);
    assertEquals(taken(), 0, "no campaign yet");
    atomicFiles.write(`${dir}/other/queue/a.txt`, input());
    atomicFiles.write(`${dir}/other/crashes/b.txt`, input());
    atomicFiles.write(`${dir}/mine/queue/own.txt`, input());
    atomicFiles.write(`${dir}/mine/queue/shard.txt`, input());
    atomicFiles.write(`${dir}/mine/crashes/d.txt`, input());
    x.wrote(`${dir}/mine/queue/own.txt`);
    assertEquals(taken(), 3);
    assertEquals(taken(), 0);
    atomicFiles.write(`${dir}/third/queue/a.txt`, input());
    assertEquals(taken(), 1);
    assertEquals(news, [[3, 2], [1, 1]]);
    assertEquals(bad, []);
  }));

Deno.test("a half-copied file is tried again, and given up in the end", () =>
  withDir((dir) => {
    const { bad, taken } = exchange(dir);
    atomicFiles.write(`${dir}/other/queue/a.txt`, input().slice(0, -4));
    atomicFiles.write(`${dir}/other/queue/b.txt`, "objcg-fu");
    atomicFiles.write(`${dir}/other/queue/c.txt`, "");
    assertEquals(taken(), 0);
    atomicFiles.write(`${dir}/other/queue/a.txt`, input());
    assertEquals(taken(), 1);
    for (let i = 0; i < 20; i++) assertEquals(taken(), 0);
    assertEquals(bad.map(([path]) => path), ["other/queue/b.txt", "other/queue/c.txt"]);
    assertMatch(bad[0][1], /b\.txt:1:1: /);
    assertEquals(bad[1][1], "it is empty");
  }));

Deno.test("what runs on something else is left alone", () =>
  withDir((dir) => {
    const [a, b] = ["a", "b"].map((c) => c.repeat(64));
    atomicFiles.write(`${dir}/other/queue/1.txt`, input().replace("target: t", "target: u"));
    atomicFiles.write(`${dir}/other/queue/2.txt`, input("", 3));
    atomicFiles.write(`${dir}/other/queue/3.txt`, input(`patch: fix.ts sha256:${a}\n`));
    atomicFiles.write(`${dir}/other/queue/4.txt`, input(`patch: fix.ts sha256:${b}\n`));
    atomicFiles.write(`${dir}/other/queue/5.txt`, input("patch: fix.ts\n"));
    const plain = exchange(dir);
    assertEquals(plain.taken(), 0);
    const patched = exchange(dir, { surroundings: { patches: [{ path: "mine.ts", sha256: b }] } });
    assertEquals(patched.taken(), 1);
    assertEquals([...plain.bad, ...patched.bad], []);
  }));

Deno.test("what cannot be read is told once, and the rest is taken", () =>
  withDir((dir) => {
    Deno.mkdirSync(`${dir}/other`);
    Deno.writeTextFileSync(`${dir}/other/queue`, "no folder");
    Deno.mkdirSync(`${dir}/third/queue`, { recursive: true });
    Deno.writeTextFileSync(`${dir}/third/queue/big.txt`, "#".repeat(300_000));
    atomicFiles.write(`${dir}/third/queue/a.txt`, input());
    const { bad, taken } = exchange(dir);
    assertEquals(taken(), 1);
    assertEquals(taken(), 0);
    assertEquals(bad.map(([path]) => path), ["other/queue", "third/queue/big.txt"]);
    assertEquals(bad[1][1], "it has 300000 bytes; an input has at most 262144");
  }));

Deno.test("a look is due at the start, and again after some executions", () => {
  const { x } = exchange("/nonexistent");
  assert(x.isDue(0));
  x.look(0);
  assert(!x.isDue(1));
  assert(x.isDue(1 << 14));
  x.look(20_000);
  assert(!x.isDue(20_001));
});
