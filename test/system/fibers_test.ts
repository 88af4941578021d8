/** A difference between fibers and Workers, as a user sees it. */
import { assert } from "@std/assert";
import { assertCode, cli, filesIn, ROOT, withDir } from "./harness.ts";

const TARGET = `${ROOT}test/machine/fibers/unequal_target.ts`;

Deno.test("a difference between fibers and Workers is a bug of this tool, with its input", () =>
  withDir(async (dir) => {
    const ran = await cli(
      "fuzz",
      ...["--target", TARGET, "--no-check", "--cpus", "2", "--seed", "1", "--shards", "1"],
      ...["--for", "2000x", "--corpus", `${dir}/corpus`, "--artifacts", dir],
    );
    assertCode(ran, 79);
    const text = ran.out + ran.err;
    assert(text.includes("machine scout (fibers try, Workers judge)"), text);
    assert(text.includes("Fibers and Workers differ."), text);
    assert(/Trace of the fibers: [0-9a-f]{16}; of the Workers: [0-9a-f]{16}/.test(text), text);
    const saved = filesIn(dir, ".txt").map((file) => Deno.readTextFileSync(file));
    assert(saved.some((input) => input.includes("schedule: numeric")), saved.join("\n"));
  }));
