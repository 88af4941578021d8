import { assertEquals } from "@std/assert";
import { COMMON } from "./jobs.ts";
import { replayCommand } from "../../../src/cli/cpu0/replay_command.ts";

Deno.test("replayCommand() names only what is not the default", () => {
  assertEquals(replayCommand(COMMON, "c/x.txt"), "deno task replay --kernel posted c/x.txt");
});

Deno.test("replayCommand() names all that the finding depends on, as a shell takes it", () => {
  const job = {
    ...COMMON,
    targetUrl: "file:///home/me/my%20target.ts",
    patches: ["file:///p/it's.ts"],
    without: ["kasan", "rcu"],
    kcsan: "strict" as const,
    stepLimit: 500,
    everyStep: true,
  };
  assertEquals(
    replayCommand(job, "my crashes/x.txt"),
    "deno task replay --kernel posted --target '/home/me/my target.ts' " +
      "--patch '/p/it'\\''s.ts' --no-sanitizer kasan --no-sanitizer rcu --kcsan strict " +
      "--step-limit 500 --every-step 'my crashes/x.txt'",
  );
});
