import { assertEquals } from "@std/assert";
import { withDir } from "../with_dir.ts";
import { Saved } from "./saved.ts";

Deno.test("what was saved is there again, by its last value; without a file it is forgotten", () =>
  withDir((dir) => {
    const file = `${dir}/results.jsonl`;
    const first = new Saved<number[]>(file);
    assertEquals([first.has("a"), first.get("a")], [false, undefined]);
    first.set("a", [1]);
    first.set("b", [2]);
    first.set("a", [1, 3]);
    const again = new Saved<number[]>(file);
    assertEquals([again.get("a"), again.get("b"), again.has("c")], [[1, 3], [2], false]);
    new Saved<number>(undefined).set("a", 1);
    assertEquals(new Saved<number>(undefined).has("a"), false);
  }));
