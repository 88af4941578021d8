/** A kernel tree on disk whose files are empty, but for those that a test writes. */
import { FILES } from "../../src/c/front/files.ts";

/** Structures as mm/memcontrol.c and its headers declare them, as far as the tests use them. */
const TYPES = `struct obj_cgroup { struct percpu_ref refcnt; struct mem_cgroup *memcg; };
struct memcg_stock_pcp {
	local_lock_t stock_lock;
	struct mem_cgroup *cached;
	unsigned int nr_pages;
	struct obj_cgroup *cached_objcg;
	unsigned int nr_bytes;
};
`;

/** Write a tree of v6.12 whose mm/memcontrol.c has these functions; returns where they begin. */
export function writeTree(dir: string, functions: string): number {
  for (const { path, needed } of FILES) {
    if (!needed) continue;
    Deno.mkdirSync(`${dir}/${path}`.replace(/\/[^/]+$/, ""), { recursive: true });
    Deno.writeTextFileSync(`${dir}/${path}`, path === "mm/memcontrol.c" ? TYPES + functions : "");
  }
  Deno.writeTextFileSync(`${dir}/Makefile`, "VERSION = 6\nPATCHLEVEL = 12\n");
  return TYPES.split("\n").length;
}
