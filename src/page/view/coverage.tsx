/**
 * What the kept inputs of a campaign cover, by function and by line.
 *
 * @module
 */
import { useState } from "preact/hooks";
import type { CoverageData, FunctionCoverage, LineCoverage } from "../campaign_data.ts";

const number = (n: number) => n === 0 ? "" : n.toLocaleString("en");

/** How many of the lines have something. */
function lines(all: readonly LineCoverage[], which: 1 | 2 | 3): number {
  return all.filter((line) => line[which] > 0).length;
}

/** The class of a line: the best that is known of it. */
function kindOf(line: LineCoverage | undefined): string {
  if (line === undefined) return "";
  const [, , twoCpus, handler] = line;
  return twoCpus > 0 && handler > 0
    ? "both"
    : twoCpus > 0
    ? "two"
    : handler > 0
    ? "handler"
    : "hit";
}

function Source({ fn: { from, lines: covered, name, source } }: { fn: FunctionCoverage }) {
  const byLine = new Map(covered.map((line) => [line[0], line]));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`Lines of ${name}`}>
      <table class="coverage lines">
        <thead>
          <tr>
            <th scope="col" class="number">Line</th>
            <th scope="col" class="number">Hit</th>
            <th scope="col" class="number">Two CPUs</th>
            <th scope="col" class="number">Handler</th>
            <th scope="col">Source</th>
          </tr>
        </thead>
        <tbody>
          {source.map((text, i) => {
            const line = byLine.get(from + i);
            return (
              <tr key={i} class={kindOf(line)} data-line={from + i}>
                <td class="number">{from + i}</td>
                {[1, 2, 3].map((k) => <td key={k} class="number">{number(line?.[k] ?? 0)}</td>)}
                <td>
                  <code>{text}</code>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** A function; its lines are drawn if somebody wants to see them. */
function Row({ fn }: { fn: FunctionCoverage }) {
  const [isOpen, setOpen] = useState(false);
  const { file, from, lines: all, name } = fn;
  return (
    <>
      <tr data-function={name}>
        <th scope="row">
          <button
            type="button"
            class="fold"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {name}()
          </button>
        </th>
        <td>{file}:{from}</td>
        <td class="number">{all.length}</td>
        <td class="number">{lines(all, 2)}</td>
        <td class="number">{lines(all, 3)}</td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={5}>
            <Source fn={fn} />
          </td>
        </tr>
      )}
    </>
  );
}

function Table({ functions }: Pick<CoverageData, "functions">) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Coverage by function">
      <table class="list functions">
        <caption>Lines of each function in which some point was passed</caption>
        <thead>
          <tr>
            <th scope="col">Function</th>
            <th scope="col">File</th>
            <th scope="col" class="number">Hit</th>
            <th scope="col" class="number">By two CPUs</th>
            <th scope="col" class="number">With a handler in between</th>
          </tr>
        </thead>
        <tbody>
          {functions.map((fn) => <Row key={`${fn.name} ${fn.file} ${fn.from}`} fn={fn} />)}
        </tbody>
      </table>
    </div>
  );
}

export function CoverageView({ coverage }: { coverage: CoverageData }) {
  const { functions, inputs, left, without } = coverage;
  const all = functions.flatMap((fn) => fn.lines);
  return (
    <section class="coverage" data-inputs={inputs} data-left={left}>
      <h3>Coverage</h3>
      <p>
        {inputs.toLocaleString("en")} inputs of the queue and of findings
        {left > 0 ? `, ${left.toLocaleString("en")} not run yet,` : ""} pass{" "}
        {all.length.toLocaleString("en")} lines of {functions.length} functions:{" "}
        {lines(all, 2).toLocaleString("en")} by two CPUs in one execution,{" "}
        {lines(all, 3).toLocaleString("en")}{" "}
        with a handler between the line and the point before. A line counts if a point lies in it.
        {" "}
        {without.length} functions of the kernel have no point that was passed.
      </p>
      <details>
        <summary>Coverage by function and line</summary>
        <Table functions={functions} />
      </details>
      {without.length > 0 && (
        <details>
          <summary>Functions without a point that was passed</summary>
          <p>
            <code>{without.join(", ")}</code>
          </p>
        </details>
      )}
    </section>
  );
}
