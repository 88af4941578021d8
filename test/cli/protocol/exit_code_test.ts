import { assertEquals } from "@std/assert";
import {
  causeOfDeath,
  EXIT,
  fuzzExitCode,
  replayExitCode,
} from "../../../src/cli/protocol/exit_code.ts";

const FUZZ = { failure: null, interrupted: false, hung: false, titles: 0 };
const REPLAY = {
  failure: null,
  interrupted: false,
  hung: false,
  diverged: 0,
  unmet: 0,
  unjudged: 0,
};

Deno.test("exit codes are those of the design", () => {
  assertEquals(Object.values(EXIT), [0, 1, 70, 71, 72, 77, 78, 79, 130]);
});

Deno.test("fuzzExitCode() lets what spoils the rest come first", () => {
  assertEquals(fuzzExitCode(FUZZ), 0);
  assertEquals(fuzzExitCode({ ...FUZZ, titles: 2 }), 77);
  assertEquals(fuzzExitCode({ ...FUZZ, titles: 2, hung: true }), 70);
  assertEquals(fuzzExitCode({ ...FUZZ, titles: 2, hung: true, interrupted: true }), 72);
  assertEquals(fuzzExitCode({ failure: 71, titles: 2, hung: true, interrupted: true }), 71);
});

Deno.test("replayExitCode() lets what spoils the rest come first", () => {
  assertEquals(replayExitCode(REPLAY), 0);
  assertEquals(replayExitCode({ ...REPLAY, unmet: 1 }), 78);
  assertEquals(replayExitCode({ ...REPLAY, unjudged: 1 }), 78);
  assertEquals(replayExitCode({ ...REPLAY, unmet: 1, diverged: 1 }), 79);
  assertEquals(replayExitCode({ ...REPLAY, hung: true, diverged: 1 }), 70);
  assertEquals(replayExitCode({ ...REPLAY, interrupted: true, hung: true }), 72);
  assertEquals(replayExitCode({ ...REPLAY, failure: 1, interrupted: true }), 1);
});

Deno.test("causeOfDeath() blames memory only if that was it", () => {
  assertEquals(causeOfDeath(137, "SIGKILL", 3000), {
    cause: "SIGKILL, out of memory at 3000 MB",
    exit: 71,
  });
  assertEquals(causeOfDeath(137, "SIGKILL", 300), { cause: "SIGKILL", exit: 79 });
  assertEquals(causeOfDeath(133, "SIGTRAP", 0).exit, 71);
  assertEquals(causeOfDeath(139, "SIGSEGV", 3000), { cause: "SIGSEGV", exit: 79 });
  assertEquals(causeOfDeath(3, null, 0), { cause: "exit code 3", exit: 79 });
});
