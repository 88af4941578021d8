/**
 * Lets a machine watch lines of code, and what goes on while they are passed. Loaded once the machine has
 * its memory.
 *
 * @module
 */
import { CSS_DYING } from "../../kernel/cgroup-defs.ts";
import { tap } from "../../machine/calls/registry.ts";
import {
  enter,
  leave,
  offliningBegins,
  offliningEnds,
  passed,
  watchPassages,
} from "../../machine/hooks/passages.ts";
import { CPU, regs } from "../../machine/layout/registers.ts";
import { CPUS_MAX } from "../../machine/layout/sizes.ts";
import { offsetOf, peek, typeNamed } from "../../machine/memory/peek.ts";
import type { Struct } from "../../machine/memory/struct_type.ts";
import type { WatchedLines } from "../protocol/jobs.ts";

const CSS = "cgroup_subsys_state";

/** Whether the css that is this structure, or that it is embedded in, was killed. */
function isDying(o: Struct): boolean {
  let css: Struct | null = o;
  while (css !== null && css.type.name !== CSS) css = css.outer;
  return css !== null && (peek(css, offsetOf(typeNamed(CSS)!, "flags")) & CSS_DYING) !== 0;
}

/** A css goes offline from its kill until it is freed; one that never came online is freed, too. */
function watchOfflining(): void {
  const wasDying = new Uint8Array(CPUS_MAX);
  tap("kill_css", (css) => {
    if (!isDying(css as Struct)) offliningBegins();
  }, () => {});
  tap("css_free_rwork_fn", (work) => {
    wasDying[regs[CPU]] = isDying(work as Struct) ? 1 : 0;
  }, () => {
    if (wasDying[regs[CPU]] !== 0) offliningEnds();
  });
}

/** Watch lines: their functions, and what goes on meanwhile. */
export function watchLines({ functions, heads, within }: WatchedLines, cpus: number): void {
  watchPassages(within, cpus);
  for (const [f, names] of functions.entries()) {
    const own = heads.filter((line) => within[line] === f);
    const begin = () => {
      enter(f);
      for (let i = 0; i < own.length; i++) passed(own[i]);
    };
    for (const name of names) tap(name, begin, () => leave(f));
  }
  watchOfflining();
}
