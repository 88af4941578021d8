/**
 * What is said of a claim.
 *
 * @module
 */
import type { CrashEvent, ProbeEvent } from "../protocol/jobs.ts";
import type { Output } from "./output.ts";
import { count } from "./tally.ts";

/** A claim, and what came of it. */
export interface Claimed {
  readonly file: string;
  readonly kernel: string;
  /** The title of the file. */
  readonly title: string;
  /** What its own schedule comes to. */
  readonly answer?: ProbeEvent;
  /** What the model has not; then nothing can be said. */
  readonly missing?: string;
  readonly crashes?: readonly CrashEvent[];
  /** What the program shows besides. */
  readonly others?: readonly CrashEvent[];
  /** Executions of the program. */
  readonly schedules?: number;
  readonly seconds?: number;
}

/** The answer in one word. */
function wordOf({ crashes = [], missing }: Claimed): "happens" | "not found" | "not modelled" {
  if (missing !== undefined) return "not modelled";
  return crashes.length > 0 ? "happens" : "not found";
}

function reportOf({ report, brief, file }: CrashEvent): string[] {
  try {
    return Deno.readTextFileSync(report).trimEnd().split("\n");
  } catch {
    return [...brief, `  ${file}`];
  }
}

/** Findings in one line each, with the commands that replay them. */
function briefly(crashes: readonly CrashEvent[]): string[] {
  return crashes.map(({ title, command }) => `Its program also shows: ${title}\n  ${command}`);
}

function happens({ crashes = [], others = [] }: Claimed): string[] {
  const [first, ...more] = crashes;
  const known = first.known === null ? "" : `  (known: ${first.known})`;
  return [
    `HAPPENS: ${first.title}${known}`,
    ...reportOf(first),
    ...briefly([...more, ...others]),
  ];
}

/** What the schedule of the file came to. */
function ownSchedule({ answer }: Claimed): string {
  if (answer === undefined) return "";
  if (answer.missing !== null) {
    return `Its schedule does not fit: never reached "${answer.missing}".`;
  }
  return "Its schedule was followed to the end.";
}

function notFound(claimed: Claimed): string[] {
  const { schedules = 0, seconds = 0 } = claimed;
  return [
    `DOES NOT happen within this bound: ${count(schedules, "schedule")} of its program in ` +
    `${Math.round(seconds)} s.`,
    `${ownSchedule(claimed)} Silence is no proof: --for looks longer.`.trim(),
    ...briefly(claimed.others ?? []),
  ];
}

function notModelled({ missing }: Claimed): string[] {
  return [
    "CANNOT BE SAID: it needs what the model does not have.",
    `  ${missing}`,
    "What is left out: src/kernel/README.md, and deno task c list --linux TREE.",
  ];
}

/** Print the answer. */
export function tellClaim(output: Output, claimed: Claimed): void {
  const { crashes = [], file, kernel, missing = null, schedules = 0, title } = claimed;
  const answer = wordOf(claimed);
  const first = crashes[0];
  output.event({
    event: "claim",
    file,
    kernel,
    answer,
    title: first?.title ?? null,
    known: first?.known ?? null,
    input: first?.file ?? null,
    report: first?.report ?? null,
    command: first?.command ?? null,
    missing: missing ?? claimed.answer?.missing ?? null,
    schedules,
  } as { event: string });
  const lines = { "happens": happens, "not found": notFound, "not modelled": notModelled }[answer];
  output.line(`Claim: ${title} (${file}) on ${kernel}`);
  for (const line of lines(claimed)) output.line(line);
}
