/**
 * The splat: what happened, in the form that the kernel prints.
 *
 * @module
 */
import { isJudged, judgedLines } from "./judged.ts";
import { firstBrokenLines } from "./first_broken.ts";
import { operationOf } from "./operations.ts";
import type { Finding, ReportInput, Site } from "./types.ts";

const RULE = "=".repeat(66);
const TAGS: Readonly<Record<string, string>> = {
  task: "TASK",
  softirq: "SOFTIRQ",
  hardirq: "IRQ",
  nmi: "NMI",
};

/** The first line. The kernel begins it with the severity, and so do most titles. */
function titleLine(title: string): string {
  return /^(BUG|WARNING|INFO|ODEBUG|kernel BUG)\b/.test(title) ? title : `BUG: ${title}`;
}

/** The functions, innermost first, between the tags of the context. */
function frames({ context, stack }: Site): string[] {
  const tag = TAGS[context] ?? context.toUpperCase();
  const functions = stack.length === 0 ? ["(no function of the model)"] : [...stack].reverse();
  return [` <${tag}>`, ...functions.map((f) => ` ${f}`), ` </${tag}>`];
}

function accessLine(finding: Finding, who: string): string[] {
  const { access } = finding;
  if (access === undefined) return [];
  const address = access.address.toString(16).padStart(8, "0");
  const direction = access.write ? "Write" : "Read";
  const kind = access.size === 0 ? "Free of" : `${direction} of size ${access.size} at`;
  const what = access.object === null
    ? ""
    : ` (${access.object}${access.field === null ? "" : `.${access.field}`})`;
  return [`${kind} addr ${address}${what} by task ${who}`];
}

function remembered(word: string, site: Site | undefined): string[] {
  return site === undefined ? [] : ["", `${word} by CPU${site.cpu}:`, ...frames(site)];
}

const WORKS = [
  "Last potentially related work creation:",
  "Second to last potentially related work creation:",
];

/** Who queued deferred work inside the object. */
function workCreations(works: readonly Site[]): string[] {
  return works.flatMap((site, i) => ["", WORKS[i], ...frames(site)]);
}

/** Where an uninitialised value comes from, as KMSAN prints it: from the use backwards. */
function originLines(origin: Finding["origin"]): string[] {
  if (origin === undefined) return [];
  const { stored, created, field, local } = origin;
  const lines = stored.flatMap((s) => ["", "Uninit was stored to memory at:", ...frames(s)]);
  if (created !== undefined) {
    const what = field === undefined ? "" : ` (${field})`;
    lines.push("", `Uninit was created at:${what}`, ...frames(created));
  }
  if (local !== undefined) lines.push("", "Local variable created at:", ` ${local}`);
  return lines;
}

/** Where another CPU was: `CPU1 was in css_put, called from css_killed_work_fn`. */
function elsewhere(site: Site): string {
  const [innermost, caller] = [...site.stack].reverse();
  if (innermost === undefined) return `CPU${site.cpu} was idle`;
  const from = caller === undefined ? "" : `, called from ${caller}`;
  const context = site.context === "task" ? "" : ` in ${site.context}`;
  return `CPU${site.cpu} was in ${innermost}${from}${context}`;
}

/** The whole splat, as lines. */
export function splat(
  { finding, first = null, trace, ops, kernel, preempt }: ReportInput,
): string[] {
  const { at, access } = finding;
  const last = trace.findLast(({ cpu }) => cpu === at.cpu);
  const operation = operationOf(ops, last?.op ?? -1);
  const who = `${operation?.name ?? "idle"}/cpu${at.cpu}`;
  const doing = operation === null ? "" : ` Operation: ${operation.text}`;
  const others = finding.others.map(elsewhere);
  const around = access?.around ?? [];
  const belongs = access?.belongs ?? [];
  return [
    RULE,
    titleLine(finding.title),
    ...accessLine(finding, who),
    ...finding.detail,
    "",
    `CPU: ${at.cpu} Kernel: ${kernel} Preempt: ${preempt}${doing}`,
    ...(isJudged(finding) ? judgedLines(finding, { ops, trace }) : ["Call Trace:", ...frames(at)]),
    ...(first === null ? [] : ["", ...firstBrokenLines(first, finding.title)]),
    ...originLines(finding.origin),
    ...remembered("Allocated", finding.allocated),
    ...remembered("Freed", finding.freed),
    ...workCreations(finding.works ?? []),
    ...(belongs.length === 0 ? [] : ["", ...belongs]),
    ...(others.length === 0 ? [] : ["", ...others]),
    ...(around.length === 0 ? [] : ["", "Memory state around the buggy address:", ...around]),
    RULE,
  ];
}
