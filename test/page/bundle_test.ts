/** The programs of the pages are made from the present sources. */
import { assertEquals } from "@std/assert";
import { PROGRAMS, sourcesHash, stamp } from "../../src/page/make.ts";

for (const name of PROGRAMS) {
  Deno.test(`view/bundle/${name}.js is made from the sources; else run: deno task page`, () => {
    const url = new URL(`../../src/page/view/bundle/${name}.js`, import.meta.url);
    const text = Deno.readTextFileSync(url);
    const program = text.slice(text.indexOf("\n") + 1);
    assertEquals(text.slice(0, text.indexOf("\n") + 1), stamp(name, program));
    // A page is a file of its own: the program asks for no other module.
    assertEquals(/\bimport\s*["'{*]|\bfetch\(/.test(program), false);
  });
}

Deno.test("sourcesHash() changes with the program: each has its own", () => {
  const hashes = PROGRAMS.map(sourcesHash);
  assertEquals(new Set(hashes).size, PROGRAMS.length);
  assertEquals(hashes, PROGRAMS.map(sourcesHash));
});
