import { assertEquals } from "@std/assert";
import { replayCommand } from "../../../src/cli/cpu0/replay_command.ts";

Deno.test("replayCommand() is the file, and the flags that the file does not stand for", () => {
  assertEquals(replayCommand("c/x.txt"), "deno task replay c/x.txt");
  assertEquals(
    replayCommand("my crashes/it's.txt", " --kernel v5.9"),
    "deno task replay 'my crashes/it'\\''s.txt' --kernel v5.9",
  );
});
