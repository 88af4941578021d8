/**
 * A finding in few lines, for a terminal: the program, and the accesses that make the finding.
 *
 * @module
 */
import { causeLine } from "./first_broken.ts";
import { making, type MakingAccess, REASONS } from "./making.ts";
import { operationOf } from "./operations.ts";
import type { TraceInput, TracePoint } from "./types.ts";

/** Lines of a brief; with the title above it and the file below it, 15. */
export const BRIEF_LINES = 13;
/** Lines of the program, and characters of a line. */
const PROGRAM_LINES = 5;
const WIDTH = 100;

function cut(line: string): string {
  return line.length <= WIDTH ? line : line.slice(0, WIDTH - 1) + "…";
}

/** The operations, one line for those of the boot and one for each CPU. */
function program(ops: readonly string[]): string[] {
  const byWho = new Map<string, string[]>();
  ops.forEach((line, i) => {
    const [who] = line.trim().split(/\s/, 1);
    const { text } = operationOf(ops, i)!;
    byWho.set(who, [...byWho.get(who) ?? [], text.replace(/^boot /, "")]);
  });
  const lines = [...byWho].map(([who, texts]) => cut(`  ${who}  ${texts.join("; ")}`));
  if (lines.length <= PROGRAM_LINES) return lines;
  const more = lines.length - PROGRAM_LINES + 1;
  return [...lines.slice(0, PROGRAM_LINES - 1), `  … ${more} more CPUs …`];
}

/** The accesses for which there is room: the strongest reasons, and of one reason the last. */
function strongest(accesses: readonly MakingAccess[], room: number): MakingAccess[] {
  const rank = ({ why }: MakingAccess) => REASONS.indexOf(why);
  return accesses.toSorted((a, b) => rank(a) - rank(b) || b.index - a.index).slice(0, room)
    .sort((a, b) => a.index - b.index);
}

/** Names of points, aligned: `  CPU0  css_get  load mem_cgroup#1.css.flags = 20`. */
function interleaving(points: readonly TracePoint[]): string[] {
  const names = points.map(({ context, cpu, stack }) => {
    const fn = stack[stack.length - 1] ?? "(between functions)";
    return [`CPU${cpu}`, context === "task" ? fn : `${fn} [${context}]`];
  });
  const widths = [0, 1].map((i) => Math.max(...names.map((n) => n[i].length)));
  return points.map(({ field, object, value, what }, i) => {
    const [cpu, fn] = names[i].map((name, k) => name.padEnd(widths[k]));
    const line = (path: string | null) =>
      `  ${cpu}  ${fn}  ${what} ${object}${path === null ? "" : `.${path}`}` +
      (value === null ? "" : ` = ${value}`);
    const isLong = line(field).length > WIDTH && field !== null;
    return cut(line(isLong ? field.replace(/^.*\./, "…") : field));
  });
}

/** The finding in at most {@linkcode BRIEF_LINES} lines, without title and file. */
export function brief(
  { finding, first, ops, trace }: Pick<TraceInput, "finding" | "first" | "ops" | "trace">,
) {
  const cause = first && first.title !== finding?.title ? [cut(`  ${causeLine(first)}`)] : [];
  const above = program(ops);
  const accesses = making({ finding, trace });
  const detail = (finding?.detail ?? []).filter((line) => line.trim() !== "");
  const room = BRIEF_LINES - above.length - cause.length - Math.min(detail.length, 1);
  const chosen = strongest(accesses, accesses.length > room ? room - 1 : room);
  const left = accesses.length - chosen.length;
  const rows = chosen.length === 0 ? [] : interleaving(chosen.map(({ index }) => trace[index]));
  const rest = left === 0 ? [] : [`  … ${left} more …`];
  // Where no access tells what happened, the sentences must.
  const said = rows.length > 0 ? 1 : BRIEF_LINES - above.length - cause.length;
  return [
    ...detail.slice(0, said).map((line) => cut(`  ${line.trim()}`)),
    ...above,
    ...rows,
    ...rest,
    ...cause,
  ];
}
