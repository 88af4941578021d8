/**
 * Ten mistakes that people make in C, to be made in a tree of the kernel's: does `review` see them?
 *
 * A diff has lines of the file around what it changes, and the kernel's lines stay out of this project.
 * So a mistake is told by the function that it is made in, what to look for there, and what to put in
 * its place; the diff is made from the user's own tree.
 *
 * @module
 */
import { createTwoFilesPatch } from "diff";

/** A replacement; what is looked for must be there once. */
export type Edit = readonly [from: RegExp, to: string];

export interface Mistake {
  readonly name: string;
  readonly file: string;
  /** The head of the function or structure that it is made in. */
  readonly within: RegExp;
  readonly edits: readonly Edit[];
}

const MEMCONTROL = "mm/memcontrol.c";

/** One of each kind; v6.12 has all these places. */
export const MISTAKES: readonly Mistake[] = [
  {
    name: "missing put",
    file: MEMCONTROL,
    within: /^static void refill_obj_stock\(/m,
    edits: [[/^\tobj_cgroup_put\(old\);\n/m, ""]],
  },
  {
    name: "missing get",
    file: MEMCONTROL,
    within: /^static void refill_obj_stock\(/m,
    edits: [[/^\t\tobj_cgroup_get\(objcg\);\n/m, ""]],
  },
  {
    name: ">= for >",
    file: "mm/page_counter.c",
    within: /^bool page_counter_try_charge\(/m,
    edits: [[/new > c->max/, "new >= c->max"]],
  },
  {
    name: "unlock forgotten on one path",
    file: MEMCONTROL,
    within: /^static bool consume_obj_stock\(/m,
    edits: [[/\t\tret = true;/, "\t\treturn true;"]],
  },
  {
    name: "irqsave to plain",
    file: MEMCONTROL,
    within: /^static void obj_cgroup_release\(/m,
    edits: [
      [/spin_lock_irqsave\(&objcg_lock, flags\)/, "spin_lock(&objcg_lock)"],
      [/spin_unlock_irqrestore\(&objcg_lock, flags\)/, "spin_unlock(&objcg_lock)"],
    ],
  },
  {
    name: "put before clear",
    file: MEMCONTROL,
    within: /^static struct obj_cgroup \*drain_obj_stock\([^)]*\)\n\{/m,
    edits: [
      [/^\t(?=WRITE_ONCE\(stock->cached_objcg, NULL\);)/m, "\tobj_cgroup_put(old);\n\t"],
      [/^\treturn old;/m, "\treturn NULL;"],
    ],
  },
  {
    name: "u16 overflow",
    file: MEMCONTROL,
    within: /^struct memcg_stock_pcp \{/m,
    edits: [[/unsigned int nr_bytes;/, "u16 nr_bytes;"]],
  },
  {
    name: "wrong loop variable",
    file: MEMCONTROL,
    within: /^static void memcg_reparent_objcgs\(/m,
    edits: [[/WRITE_ONCE\(iter->memcg, parent\)/, "WRITE_ONCE(objcg->memcg, parent)"]],
  },
  {
    name: "early return with a reference",
    file: MEMCONTROL,
    within: /^static int obj_cgroup_charge_pages\([^)]*\)\n\{/m,
    edits: [[/goto out;/, "return ret;"]],
  },
  {
    name: "missing NULL check",
    file: MEMCONTROL,
    within: /^static bool obj_stock_flush_required\([^)]*\)\n\{/m,
    edits: [[/if \(objcg\) \{/, "{"]],
  },
];

/** Where what begins with `within` ends: at a brace at the beginning of a line. */
function extentOf({ file, name, within }: Mistake, text: string): [from: number, to: number] {
  const head = within.exec(text);
  const end = head === null ? -1 : text.indexOf("\n}", head.index);
  if (head === null || end < 0) throw new Error(`${file}: no place for "${name}": ${within}`);
  return [head.index, end];
}

/** The text of a file with a mistake in it. */
export function withMistake(mistake: Mistake, text: string): string {
  const [from, to] = extentOf(mistake, text);
  let body = text.slice(from, to);
  for (const [what, put] of mistake.edits) {
    const times = [...body.matchAll(new RegExp(what, `${what.flags.replace("g", "")}g`))].length;
    if (times !== 1) {
      throw new Error(
        `${mistake.file}: ${what} must be there once for "${mistake.name}", not ${times} times`,
      );
    }
    body = body.replace(what, () => put);
  }
  return text.slice(0, from) + body + text.slice(to);
}

/** A mistake as a diff for a file with this text. */
export function diffOf(mistake: Mistake, text: string): string {
  const { file } = mistake;
  const diff = createTwoFilesPatch(`a/${file}`, `b/${file}`, text, withMistake(mistake, text));
  return diff.slice(diff.indexOf("---"));
}
