/**
 * What a report says of a finding that no access showed: when a law was judged, by whom, and which
 * operations had changed what it is about.
 *
 * @module
 */
import { type Access, accessesOf } from "./accesses.ts";
import { doesWrite } from "./access_kind.ts";
import { operationOf } from "./operations.ts";
import type { Finding, TraceInput, TracePoint, When } from "./types.ts";

/** Lines about the last changes. */
const CHANGES = 4;

const MOMENTS: Readonly<Record<When, string>> = {
  boot: "after a boot operation",
  run: "after an operation",
  quiescence: "at quiescence, when no CPU had anything left to do",
  teardown: "after the target had taken everything down",
  verdict: "after everything was taken down",
};

/** Whether the finding was made by a look at the state, and by no function of the model. */
export function isJudged({ at, when }: Finding): boolean {
  return when !== undefined && at.stack.length === 0;
}

/** Who did it, and what: `CPU1 obj_cgroup_charge(o, 64): store stock#0.nr_bytes = 0 in refill()`. */
function change({ field, fn, index, object, value }: Access, input: Input): string {
  const p: TracePoint = input.trace[index];
  const [outermost = "idle"] = p.stack;
  const doing = operationOf(input.ops, p.op)?.text ?? `(${outermost})`;
  const context = p.context === "task" ? "" : ` [${p.context}]`;
  const now = value === null ? "" : ` = ${value}`;
  const cell = field === "" ? object : `${object}.${field}`;
  return `  CPU${p.cpu} ${doing}${context}: ${p.what} ${cell}${now} in ${fn}()`;
}

type Input = Pick<TraceInput, "ops" | "trace">;

/** The last change by each thread of the cells that the finding is about. */
function lastChanges(finding: Finding, input: Input): string[] {
  const { cells = [] } = finding;
  const changes = new Map<string, Access>();
  for (const a of accessesOf(input.trace)) {
    const isIts = cells.some(({ field, object }) =>
      a.object === object && (field ?? a.field) === a.field
    );
    if (!isIts || !doesWrite(a.kind)) continue;
    changes.delete(a.thread); // the last one comes last
    changes.set(a.thread, a);
  }
  const [first, ...others] = [...new Set(cells.map(({ object }) => object))];
  if (first === undefined) return [];
  const what = others.length === 0 ? first : `${first}, ${others.join(", ")}`;
  if (changes.size === 0) return [`Nothing in the schedule changed ${what}.`];
  const lines = [...changes.values()].slice(-CHANGES).map((a) => change(a, input));
  return [`Last changes of ${what}, by operation:`, ...lines];
}

/** The lines in the place of a call trace. */
export function judgedLines(finding: Finding, input: Input): string[] {
  const moment = MOMENTS[finding.when!];
  return [`Judged by ${finding.oracle} ${moment}.`, ...lastChanges(finding, input)];
}
