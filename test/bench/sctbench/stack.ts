/** SCTBench CS/stack: the flag that allows a pop is set by the first push and never cleared. @module */
import { expect, integers, locked, mutex } from "./pthread.ts";
import { program, variantOf } from "./program.ts";

const SIZE = 10;

const { mended } = variantOf(import.meta.url);
const s = integers("stack", "top", "flag");
const m = mutex("m");

function push(): void {
  expect(s.top < SIZE);
  s.top++;
  s.flag = 1;
}

function pop(): void {
  if (s.flag === 0 || (mended && s.top === 0)) return;
  expect(s.top > 0);
  s.top--;
}

function turns(f: () => void): void {
  for (let i = 0; i < SIZE; i++) locked(m, f);
}

export default program({
  url: import.meta.url,
  doc: "Ten pushes and ten pops.",
  kinds: { push: () => turns(push), pop: () => turns(pop) },
  threads: ["push", "pop"],
});
