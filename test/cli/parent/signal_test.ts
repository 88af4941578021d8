import { assertEquals, assertStringIncludes } from "@std/assert";
import { withDir } from "../harness.ts";

/** Start the command line in a process of its own, with a shard that plays `part`. */
function start(dir: string, part: string) {
  const main = new URL("../fake_main.ts", import.meta.url).href;
  return new Deno.Command("deno", {
    args: [
      ...["run", "--no-prompt", "--quiet", "--allow-read", "--allow-write"],
      ...["--allow-run=taskset,deno", main, part],
      ...["fuzz", "--json", "--for", "16x", "--shards", "1", "--corpus", dir],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Reads until `word` has come; returns all that came. */
async function until(
  reader: ReadableStreamDefaultReader<string>,
  word: string | null,
): Promise<string> {
  let text = "";
  while (word === null || !text.includes(word)) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  return text;
}

const read = (s: ReadableStream<Uint8Array<ArrayBuffer>>) =>
  s.pipeThrough(new TextDecoderStream()).getReader();

Deno.test("fuzz saves and exits 72 on SIGINT", () =>
  withDir(async (dir) => {
    const child = start(dir, "forever");
    const [out, err] = [read(child.stdout), read(child.stderr)];
    await until(out, '"status"');
    child.kill("SIGINT");
    assertStringIncludes(await until(out, null), '{"event":"done","execs":16,');
    assertStringIncludes(await until(err, null), "Interrupted: saving");
    assertEquals((await child.status).code, 72);
  }));

Deno.test("fuzz takes a Ctrl-C that arrives three times for one", () =>
  withDir(async (dir) => {
    const child = start(dir, "forever");
    const [out, err] = [read(child.stdout), read(child.stderr)];
    await until(out, '"status"');
    for (let i = 0; i < 3; i++) child.kill("SIGINT");
    await Promise.all([until(out, null), until(err, null)]);
    assertEquals((await child.status).code, 72);
  }));

Deno.test("fuzz exits 130 on the second SIGINT, and takes its shards along", () =>
  withDir(async (dir) => {
    const child = start(dir, "deaf");
    const [out, err] = [read(child.stdout), read(child.stderr)];
    await until(out, '"status"');
    child.kill("SIGINT");
    await until(err, "Interrupted");
    // What follows at once counts as the same Ctrl-C, so insist.
    const insist = setInterval(() => child.kill("SIGINT"), 100);
    assertEquals((await child.status).code, 130);
    clearInterval(insist);
    // The shard holds standard error open as long as it lives.
    await until(err, null);
    await until(out, null);
  }));

Deno.test("fuzz stops when nobody reads its output", () =>
  withDir(async (dir) => {
    const child = start(dir, "forever");
    const [out, err] = [read(child.stdout), read(child.stderr)];
    await until(out, '"start"');
    await out.cancel();
    await until(err, null);
    assertEquals((await child.status).code, 72);
  }));
