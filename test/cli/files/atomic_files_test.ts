import { assertEquals, assertThrows } from "@std/assert";
import { atomicFiles, createFile, dirname } from "../../../src/cli/files/atomic_files.ts";
import { withDir } from "../../with_dir.ts";

const names = (dir: string) => [...Deno.readDirSync(dir)].map((f) => f.name).sort();

Deno.test("write() makes folders, replaces what is there, and leaves nothing beside it", () =>
  withDir((dir) => {
    const path = `${dir}/a/b/x.txt`;
    for (const lasting of [true, false]) {
      for (const text of ["first", "", "second, ünicode\n".repeat(5000)]) {
        atomicFiles.write(path, text, lasting);
        assertEquals(Deno.readTextFileSync(path), text);
        assertEquals(names(`${dir}/a/b`), ["x.txt"]);
      }
    }
  }));

Deno.test("write() that fails keeps the old file and removes its temporary one", () =>
  withDir((dir) => {
    Deno.mkdirSync(`${dir}/x.txt`);
    Deno.writeTextFileSync(`${dir}/x.txt/inside`, "old");
    assertThrows(() => atomicFiles.write(`${dir}/x.txt`, "new"));
    assertEquals(names(dir), ["x.txt"]);
    assertEquals(Deno.readTextFileSync(`${dir}/x.txt/inside`), "old");
  }));

Deno.test("createFile() never replaces a file", () =>
  withDir((dir) => {
    createFile(`${dir}/new/x.txt`, "first");
    assertThrows(() => createFile(`${dir}/new/x.txt`, "second"), Deno.errors.AlreadyExists);
    assertEquals(Deno.readTextFileSync(`${dir}/new/x.txt`), "first");
    assertEquals(names(`${dir}/new`), ["x.txt"]);
  }));

Deno.test("read() and list() take what is not there for nothing", () =>
  withDir((dir) => {
    assertEquals(atomicFiles.read(`${dir}/none.txt`), null);
    assertEquals(atomicFiles.list(`${dir}/none`), []);
    for (const name of ["b.txt", "a.txt", "c.report"]) atomicFiles.write(`${dir}/${name}`, name);
    assertEquals(atomicFiles.list(dir), [`${dir}/a.txt`, `${dir}/b.txt`]);
    assertEquals(atomicFiles.read(`${dir}/a.txt`), "a.txt");
  }));

Deno.test("dirname() is the folder of a path", () => {
  assertEquals(["a/b/c", "/a", "a", "./a"].map(dirname), ["a/b", "/", ".", "."]);
});
