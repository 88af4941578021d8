import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import {
  assertCode,
  assertReplays,
  cli,
  events,
  eventsOf,
  filesIn,
  parsed,
  PATIENT,
  start,
  withDir,
} from "./harness.ts";

/** A campaign that nobody waits for: only what the test does ends it. */
const ENDLESS = ["--seed", "1", "--for", "10m", "--json", ...PATIENT];
/** For what must happen soon but at no certain time. */
const PATIENCE_MS = 180_000;

/** Reads a stream to its end; `seen` resolves when a word has come. */
function follow(stream: ReadableStream<Uint8Array>) {
  let text = "";
  const waiting: { word: string; resolve: () => void }[] = [];
  const done = (async () => {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (const w of waiting) if (text.includes(w.word)) w.resolve();
    }
    return text;
  })();
  const seen = (word: string) =>
    Promise.race([
      new Promise<void>((resolve) => waiting.push({ word, resolve })),
      done.then((all) => assertStringIncludes(all, word)),
    ]);
  return { done, seen };
}

/** Run `f` with a campaign on a corpus of its own; whatever happens, it does not outlive the test. */
function withCampaign(f: (child: Deno.ChildProcess, dir: string) => Promise<void>): Promise<void> {
  return withDir(async (dir) => {
    const child = start("fuzz", ...ENDLESS, "--shards", "2", "--corpus", dir);
    let ended = false;
    const status = child.status.then(() => void (ended = true));
    try {
      await f(child, dir);
    } finally {
      if (!ended) child.kill("SIGKILL");
      await status;
    }
  });
}

async function soon<T>(what: string, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${what} takes too long`)), PATIENCE_MS);
  return await Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
}

/** The corpus of a campaign that was ended in the middle: whole files only. */
async function assertWhole(dir: string): Promise<void> {
  const queue = filesIn(`${dir}/queue`, ".txt");
  assertGreater(queue.length, 0);
  await parsed([...queue, ...filesIn(`${dir}/crashes`, ".txt")]);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} saves what was found and exits 72`, () =>
    withCampaign(async (child, dir) => {
      const [out, err] = [follow(child.stdout), follow(child.stderr)];
      await soon("the first crash", out.seen('"event":"crash"'));
      child.kill(signal);
      const { code } = await soon("the end", child.status);
      const told = await out.done;
      assertEquals(code, 72, await err.done);
      assertStringIncludes(await err.done, "Interrupted: saving");
      assertEquals(events({ out: told }).at(-1)!.event, "done");
      await assertWhole(dir);
      const crashes = eventsOf({ out: told }, "crash").map(({ file }) => file);
      assertEquals(filesIn(`${dir}/crashes`, ".txt"), crashes.sort());
      assertEquals(filesIn(`${dir}/crashes`, ".tmp"), []);
      await assertReplays(`${dir}/crashes`);
    }));
}

Deno.test("kill -9 in the middle leaves whole files, no shard, and a corpus that goes on", () =>
  withCampaign(async (child, dir) => {
    const [out, err] = [follow(child.stdout), follow(child.stderr)];
    await soon("the first crash", out.seen('"event":"crash"'));
    child.kill("SIGKILL");
    assertEquals((await child.status).signal, "SIGKILL");
    // The shards hold standard error open as long as they live.
    await soon("the end of the shards", err.done);
    await out.done;
    await assertWhole(dir);
    await assertReplays(`${dir}/crashes`);

    const before = filesIn(`${dir}/queue`, ".txt");
    const flags = ["--seed", "2", "--for", "4000x", "--shards", "1", "--json", "--corpus", dir];
    const second = await cli("fuzz", "--count-known", ...flags);
    assertCode(second, 77);
    assertGreater(eventsOf(second, "crash").length, 0);
    const after = filesIn(`${dir}/queue`, ".txt");
    assert(before.every((f) => after.includes(f)), "nothing is lost");
    await assertWhole(dir);
    await assertReplays(`${dir}/crashes`);
  }));
