/** SCTBench CS/fsbench: 27 threads for 26 inodes; the last one indexes past the array. @module */
import { array_load, array_store } from "../../../src/machine/memory/access.ts";
import { expect, integerArray, locked, mutexes } from "./pthread.ts";
import { program, times, variantOf } from "./program.ts";
import { CPU, regs } from "../../../src/machine/layout/registers.ts";

const INODES = 26;
const BLOCKS = 26;

const { mended } = variantOf(import.meta.url);
const inodes = integerArray("inodes", INODES);
const busy = integerArray("busy", BLOCKS);
const [ofInode, ofBlock] = [mutexes("inode", INODES), mutexes("block", BLOCKS)];

/** Take block `b` if it is free. */
function taken(b: number): boolean {
  if (array_load(busy.$at, b) !== 0) return false;
  array_store(busy.$at, b, 1);
  return true;
}

function allocate(): void {
  const thread = regs[CPU] - 1;
  const i = mended ? thread % INODES : thread;
  expect(i < INODES);
  locked(ofInode[i], () => {
    if (array_load(inodes.$at, i) !== 0) return;
    let b = (i * 2) % BLOCKS;
    while (!locked(ofBlock[b], () => taken(b))) b = (b + 1) % BLOCKS;
    array_store(inodes.$at, i, b + 1);
  });
}

export default program({
  url: import.meta.url,
  doc: "Threads allocate blocks for inodes.",
  kinds: { allocate },
  threads: times(INODES + 1, "allocate"),
});
