/**
 * Makes the page of a finding: one file with everything in it, which asks nothing of a network.
 *
 * @module
 */
import { interleaving, render } from "../report/render.ts";
import type { Finding, PointDetail, TracePoint } from "../report/types.ts";
import type { PageData, PagePoint } from "./data.ts";
import { html, text } from "./html.ts";
import { pack } from "./pack.ts";
import { type SourceFile, Sources } from "./sources.ts";
import { storyOf } from "./story.ts";

/** What a page is made from. */
export interface PageInput {
  readonly kernel: string;
  readonly preempt: string;
  readonly cpus: number;
  readonly ops: readonly string[];
  readonly finding: Finding | null;
  /** The points that the schedule decided about. */
  readonly trace: readonly TracePoint[];
  /** All points, from boot to teardown, and what is known of them besides. */
  readonly whole: readonly TracePoint[];
  readonly details: readonly PointDetail[];
  /** The file with the input, and the files that were written. */
  readonly files: readonly string[];
  readonly command: string;
  readonly sources: readonly SourceFile[];
  /** The text of a source file; null if it cannot be read. */
  readonly read: (url: string) => string | null;
}

/** Where the points of the schedule begin in the whole recording. */
function runStart({ trace, whole, ops }: PageInput): number {
  if (trace.length === 0) return whole.length;
  const isBoot = (p: TracePoint) => p.op >= 0 && /^boot\s/.test(ops[p.op] ?? "");
  const isSame = (a: TracePoint, b: TracePoint) =>
    a.cpu === b.cpu && a.op === b.op && a.what === b.what && a.object === b.object &&
    a.field === b.field;
  // If the finding lies in the boot, the points of the schedule are none, and the trace is all of it.
  if (isBoot(trace[0])) return 0;
  let start = whole.findLastIndex(isBoot) + 1;
  while (start < whole.length && !isSame(whole[start], trace[0])) start++;
  return start;
}

function pagePoints({ details, read, sources, whole }: PageInput) {
  const all = new Sources(sources, read);
  const points = whole.map((point, i): PagePoint => {
    const { file, line, ...detail } = details[i];
    return { ...point, ...detail, ...all.place(file, line) };
  });
  return { points, excerpts: all.excerpts };
}

/** The text for a mail. */
function textOf(input: PageInput): string {
  const { finding } = input;
  return finding === null ? interleaving({ ...input, finding }) : render({ ...input, finding });
}

/** The data of a page. */
export function pageData(input: PageInput): PageData {
  const { command, cpus, files, finding, kernel, ops, preempt, trace } = input;
  const start = runStart(input);
  const { arrows, keys, sentences } = storyOf({ finding, trace });
  // A very long recording is cut off.
  const all = input.whole.length;
  const end = Math.min(all, start + trace.length);
  return {
    title: finding?.title ?? null,
    oracle: finding?.oracle ?? "",
    detail: finding?.detail ?? [],
    kernel,
    preempt,
    cpus: trace.reduce((n, { cpu }) => Math.max(n, cpu + 1), cpus),
    file: files[0] ?? "",
    command,
    text: textOf(input),
    ops,
    run: [Math.min(start, all), end],
    story: sentences,
    arrows: arrows.map((a) => ({ ...a, from: a.from + start, to: Math.min(end, a.to + start) }))
      .filter(({ from }) => from < end),
    keys: keys.map(({ index, why }) => ({ index: index + start, why }))
      .filter(({ index }) => index < end),
    ...pagePoints(input),
  };
}

/** The facts about a finding, which also a browser without scripts shows. */
function summary({ command, file, kernel, preempt, story, title, text: mail }: PageData): string {
  const what = title ?? "No finding";
  const told = story.length === 0
    ? ""
    : `<ol class="story">${story.map((sentence) => `<li>${text(sentence)}</li>`).join("")}</ol>`;
  return `<header><h1>${text(what)}</h1><p>Kernel ${text(kernel)}, preemption ${
    text(preempt)
  }, input <code>${text(file)}</code></p></header>
<section aria-labelledby="what"><h2 id="what">What happened</h2>${
    told === "" ? "<p>Nothing was found. The points show what the CPUs did.</p>" : told
  }</section>
<div id="app"><noscript><p>This browser runs no scripts: the steps are not shown.</p></noscript></div>
<section aria-labelledby="mail"><h2 id="mail">For a mail</h2>
<p><button type="button" data-copy="diagram">Copy the text</button></p>
<pre id="diagram" tabindex="0" role="region" aria-label="Text of the report">${text(mail)}</pre>
<h2 id="again">See it again</h2>
<p><button type="button" data-copy="command">Copy the command</button></p>
<pre id="command" tabindex="0" role="region" aria-label="Command">${text(command)}</pre></section>`;
}

/** A page from its data. */
export function findingPage(data: PageData): string {
  // An import would be loaded by every campaign before it begins.
  const { deflateSync } = process.getBuiltinModule("node:zlib");
  const bytes = deflateSync(new TextEncoder().encode(JSON.stringify(pack(data))), { level: 9 });
  return html({
    title: data.title ?? `${data.file} on ${data.kernel}`,
    body: summary(data),
    data: bytes.toString("base64"),
    program: "finding",
  });
}
