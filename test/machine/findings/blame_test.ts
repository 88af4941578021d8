import { assertEquals } from "@std/assert";
import { blame, placeText, setUserFiles } from "../../../src/machine/findings/blame.ts";

const ROOT = new URL("../../../", import.meta.url).href;

/** Whose an exception with such frames is, innermost first, as a stack has them. */
function whose(...files: string[]): string {
  const frames = files.map((f) => `    at f (${f.startsWith("/") ? `file://${f}` : ROOT + f}:3:5)`);
  const { isModel, user } = blame(["TypeError: x", ...frames].join("\n"));
  return user !== null ? placeText(user) : isModel ? "model" : "tool";
}

const ACCESS = "src/machine/memory/access.ts";
const LOOP = ["src/machine/context/operation.ts", "src/engine/campaign/campaign.ts"];

Deno.test("blame() asks the innermost frame outside of the machine", () => {
  assertEquals(
    whose(ACCESS, "/home/me/fix.ts", "src/kernel/memcontrol.ts", ...LOOP),
    "/home/me/fix.ts:3:5",
  );
  assertEquals(whose("src/kernel/cgroup.ts", "/home/me/fix.ts", ...LOOP), "/home/me/fix.ts:3:5");
  assertEquals(whose(ACCESS, "src/kernel/cgroup.ts", ...LOOP), "model");
  assertEquals(whose("fuzz/objcg.ts", ...LOOP), "model");
  assertEquals(whose("src/sanitizers/ownership.ts", "/home/me/fix.ts", ...LOOP), "tool");
  assertEquals(whose(ACCESS, ...LOOP), "tool");
  assertEquals(whose(), "tool");
});

Deno.test("blame() counts a file that the user named as the user's, wherever it is", () => {
  const patch = "src/kernel/patches/mine.ts";
  assertEquals(whose(patch, ...LOOP), "model");
  setUserFiles([ROOT + patch]);
  assertEquals(whose(patch, ...LOOP), `${new URL(ROOT).pathname}${patch}:3:5`);
  setUserFiles([]);
});
