import { assertEquals, assertLess, assertThrows } from "@std/assert";
import {
  entryArguments,
  findingArguments,
  pack,
  parseEntry,
  parseFinding,
  unpack,
} from "../../../src/cli/hub/records.ts";
import { contentHash } from "../../../src/prog/hash.ts";

const TEXT = Deno.readTextFileSync(
  new URL("../../../corpus/objcg/seeds/s03-flush-required-null.txt", import.meta.url),
);
const ENTRY = { hash: contentHash(TEXT), features: [1, 65_535], text: TEXT };
const FINDING = {
  file: "memory-leak-0123abcd.txt",
  title: "memory leak",
  cause: "a cause",
  known: null,
  text: TEXT,
  report: "BUG\n",
};

/** The fields of the record that a script makes of its arguments. */
function entryFields(): string[] {
  const [h, bits, f, t] = entryArguments(ENTRY);
  assertEquals(bits, "1,65535");
  return ["h", h, "w", "node-1", "f", f, "t", t];
}

function findingFields(finding: object = FINDING): string[] {
  const [n, d] = findingArguments(finding as typeof FINDING);
  return ["w", "node-1", "n", n, "d", d];
}

Deno.test("an entry and a finding come back as they were told", () => {
  assertEquals(parseEntry(entryFields()), { ...ENTRY, worker: "node-1" });
  assertEquals(parseFinding(findingFields()), { ...FINDING, worker: "node-1" });
  assertLess(pack(TEXT).length, TEXT.length);
});

Deno.test("parseEntry() refuses what no worker has told", () => {
  const refused: [change: (fields: string[]) => string[], why: string][] = [
    [(f) => f.slice(0, 6), "its fields are h, w, f, not h, w, f, t"],
    [(f) => ["x", "", ...f], "its fields are x, h, w, f, t, not h, w, f, t"],
    [(f) => f.with(1, "0123456789abcdef"), "its hash is not that of its text"],
    [(f) => f.with(3, "../a"), "it has no worker's name"],
    [(f) => f.with(5, ""), "it has no features"],
    [(f) => f.with(5, "A"), "it has no features"],
    [(f) => f.with(7, "ä"), "its text is no base64"],
    [(f) => f.with(7, "AAAA"), "its text cannot be decompressed"],
    [(f) => f.with(7, pack("x".repeat(1 << 19))), "its text cannot be decompressed"],
  ];
  for (const [change, why] of refused) {
    assertThrows(() => parseEntry(change(entryFields())), Error, why);
  }
});

Deno.test("parseFinding() refuses a name that leads elsewhere, and what is no finding", () => {
  const name = (text: string) => () => parseFinding(findingFields().with(3, text));
  for (const text of ["../x-0123abcd.txt", "a/x-0123abcd.txt", "x.txt", "X-0123abcd.txt"]) {
    assertThrows(name(text), Error, "its file has no name of a finding");
  }
  const of = (finding: object) => () => parseFinding(findingFields({ ...FINDING, ...finding }));
  assertThrows(of({ title: 1 }), Error, "it has no title");
  assertThrows(of({ known: 1 }), Error, "it has no known bug");
  assertThrows(
    () => parseFinding(findingFields().with(5, pack("no json"))),
    Error,
    "it is no JSON",
  );
  assertThrows(() => parseFinding(findingFields().with(5, pack("null"))), Error, "no object");
});

Deno.test("unpack() does not unpack more than its bound", () => {
  const bomb = pack("0".repeat(10_000_000));
  assertLess(bomb.length, 30_000);
  assertThrows(() => unpack(bomb, 100_000), Error, "cannot be decompressed");
});
