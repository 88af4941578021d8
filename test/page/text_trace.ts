/** The points of a page, compared with the text of a trace. */
import type { PagePoint } from "../../src/page/data.ts";

/** Text without spaces: the table breaks lines at them. */
const bare = (text: string) => text.replace(/\s+/g, "");

/** `READ_ONCE obj_cgroup#1.memcg = NULL` */
export function pointText({ field, object, value, what }: PagePoint): string {
  const cell = object === null ? "" : ` ${object}${field === null ? "" : `.${field}`}`;
  return what + cell + (value === null ? "" : ` = ${value}`);
}

/** The column of a CPU in the text of a trace, without spaces. */
function column(text: string, cpu: number): string {
  const lines = text.split("\n");
  const rule = lines.findIndex((line) => /^-+\+-+/.test(line));
  const starts = [0];
  for (let at = lines[rule].indexOf("+"); at >= 0; at = lines[rule].indexOf("+", at + 1)) {
    starts.push(at + 1);
  }
  const to = starts[cpu + 1] === undefined ? undefined : starts[cpu + 1] - 1;
  return lines.slice(rule + 1).filter((line) => !line.startsWith("-- switch"))
    .map((line) => bare(line.slice(starts[cpu], to))).join("");
}

/** Texts of steps that the text trace does not have in this order, CPU by CPU. */
export function notInTrace(
  steps: readonly { readonly cpu: number; readonly text: string }[],
  trace: string,
): string[] {
  const missing: string[] = [];
  for (const cpu of new Set(steps.map((step) => step.cpu))) {
    const own = column(trace, cpu);
    let at = 0;
    for (const { text } of steps.filter((step) => step.cpu === cpu)) {
      const found = own.indexOf(bare(text), at);
      if (found < 0) missing.push(`CPU${cpu}: ${text}`);
      else at = found + bare(text).length;
    }
  }
  return missing;
}
