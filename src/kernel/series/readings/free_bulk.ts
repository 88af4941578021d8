/**
 * What was read in Linux 6.1.192 and 6.12.117 of objects that are freed several at once, which free_bulk
 * puts in.
 *
 * @module
 */
import type { Tree } from "./tree.ts";

const trees: readonly Tree[] = [
  {
    kernel: "v6.1+free_bulk",
    expression: "v6.1+free_bulk",
    name: "Linux 6.1.192",
    read: { kfree_bulk: "mm/slub.c:3800-3816 kmem_cache_free_bulk e89df128" },
    differs: {},
  },
  {
    kernel: "v6.12+free_bulk",
    expression: "v6.12+free_bulk",
    name: "Linux 6.12.117",
    read: { kfree_bulk: "mm/slub.c:4945-4961 kmem_cache_free_bulk e89df128" },
    differs: {},
  },
];
export default trees;
