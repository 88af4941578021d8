/** Diffs: read from mails, applied in memory, refused with the hunk. */
import { assertEquals, assertThrows } from "@std/assert";
import { DiffError, parseDiff, patched } from "../../src/c/front/diff.ts";

const POT = ["int beans;", "int lid;", "", "int heat(void)", "{", "\treturn 1;", "}", ""].join(
  "\n",
);
const files: Record<string, string> = { "lib/pot.c": POT };
const read = (path: string) => files[path] ?? null;

const DIFF = `diff --git a/lib/pot.c b/lib/pot.c
--- a/lib/pot.c
+++ b/lib/pot.c
@@ -4,4 +4,4 @@ int lid;
 int heat(void)
 {
-	return 1;
+	return 2;
 }
`;

function apply(text: string, path = "lib/pot.c"): string | null {
  return patched(read, [{ name: "fix.diff", text }]).read(path);
}

Deno.test("a diff is applied in memory; other files stay", () => {
  const { read: after, files: named } = patched(read, [{ name: "fix.diff", text: DIFF }]);
  assertEquals(after("lib/pot.c"), POT.replace("return 1", "return 2"));
  assertEquals(after("lib/pan.c"), null);
  assertEquals(named, ["lib/pot.c"]);
  assertEquals(read("lib/pot.c"), POT);
});

Deno.test("a mail is read: its text and its signature are no part of the diff", () => {
  const mail = `From: A Cook <cook@example.org>
Subject: [PATCH] pot: more heat

--- it was cold
---
 lib/pot.c | 2 +-

${DIFF}--${" "}
2.39.5
`;
  assertEquals(apply(mail), POT.replace("return 1", "return 2"));
  const mbox = `${mail}\nFrom mboxrd@z Thu Jan  1 00:00:00 1970\n${
    mail.replace("2;", "3;").replace("1;", "2;")
  }`;
  assertEquals(apply(mbox), POT.replace("return 1", "return 3"));
});

Deno.test("a hunk is found where it has moved to, and several hunks fit together", () => {
  assertEquals(
    apply(DIFF.replace("@@ -4,4 +4,4 @@", "@@ -2,4 +2,4 @@")),
    POT.replace("return 1", "return 2"),
  );
  const two = `--- a/lib/pot.c
+++ b/lib/pot.c
@@ -1,2 +1,4 @@
 int beans;
+int salt;
+int pepper;
 int lid;
@@ -5,3 +7,2 @@
 {
-	return 1;
 }
`;
  assertEquals(
    apply(two),
    POT.replace("beans;\n", "beans;\nint salt;\nint pepper;\n").replace("\treturn 1;\n", ""),
  );
});

Deno.test("files can be new, and go", () => {
  const fresh = "--- /dev/null\n+++ b/lib/pan.c\n@@ -0,0 +1,2 @@\n+int oil;\n+int egg;\n";
  assertEquals(apply(fresh, "lib/pan.c"), "int oil;\nint egg;\n");
  const gone = `--- a/lib/pot.c\n+++ /dev/null\n@@ -1,7 +0,0 @@\n${
    POT.trimEnd().split("\n").map((l) => `-${l}`).join("\n")
  }\n`;
  assertEquals(apply(gone), null);
});

Deno.test("what does not fit is refused with the line of its hunk", () => {
  const error = (text: string) => assertThrows(() => apply(text), DiffError).message;
  assertEquals(
    error(DIFF.replace("return 1", "return 7")),
    "fix.diff:4: the hunk @@ -4,4 @@ does not apply to lib/pot.c",
  );
  assertEquals(
    error(DIFF.replaceAll("pot.c", "jug.c")),
    "fix.diff:4: the tree has no file lib/jug.c",
  );
  assertEquals(error(DIFF.slice(0, -4)), "fix.diff:9: the hunk of line 4 has too few lines");
  assertEquals(
    error("hello\n"),
    'fix.diff:1: this is no unified diff: it has no "--- a/FILE" with a hunk',
  );
});

Deno.test("parseDiff() passes over text with dashes", () => {
  const [file] = parseDiff(`--- not a file\n+++ neither\n${DIFF}`, "fix.diff");
  assertEquals([file.from, file.to, file.hunks.length, file.hunks[0].line], [
    "lib/pot.c",
    "lib/pot.c",
    1,
    6,
  ]);
});
