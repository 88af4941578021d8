import { assertEquals, assertThrows } from "@std/assert";
import { isSystemError, reason } from "../../../src/cli/files/system_error.ts";
import { tolerantFiles } from "../../../src/cli/files/tolerant_files.ts";

const failing = (error: Error) => ({
  write(): void {
    throw error;
  },
  read: () => "text",
  list: () => ["a.txt"],
});

Deno.test("tolerantFiles() tells what a full disk keeps from being written", () => {
  const told: unknown[] = [];
  const full = new Error("No space left on device (os error 28)");
  const files = tolerantFiles(failing(full), (...what) => void told.push(what));
  files.write("c/x.txt", "the text");
  assertEquals(told, [["c/x.txt", "no space left on device", "the text"]]);
  assertEquals([files.read("a"), files.list("c")], ["text", ["a.txt"]]);
});

Deno.test("tolerantFiles() throws what is a fault of the tool", () => {
  const files = tolerantFiles(failing(new TypeError("x is null")), () => {});
  assertThrows(() => files.write("c/x.txt", ""), TypeError, "x is null");
});

Deno.test("isSystemError() knows the errors of files", () => {
  for (const path of ["/no/such/file", "/etc"]) {
    try {
      Deno.readTextFileSync(path);
    } catch (e) {
      assertEquals(isSystemError(e), true, path);
    }
  }
  assertEquals(isSystemError(new RangeError("too many")), false);
});

Deno.test("reason() never advises to allow everything", () => {
  const e = new Deno.errors.NotCapable("Requires all access, run again with the --allow-all flag");
  assertEquals(reason(e), "this process may not use that path");
});
