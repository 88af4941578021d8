/**
 * A plot, by uPlot, with its numbers as a table for those who do not see it.
 *
 * @module
 */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";

/** A line of a plot. */
export interface Series {
  readonly name: string;
  readonly y: readonly (number | null)[];
}

interface Props {
  readonly title: string;
  /** What the numbers along the bottom are. */
  readonly of: string;
  readonly x: readonly number[];
  readonly series: readonly Series[];
  /** Whether each line upwards is ten times the one before. */
  readonly isLog?: boolean;
}

const HEIGHT = 220;
/** Rows of the table. */
const ROWS = 12;
/** Colours that differ in light and in dark, and for those who do not see red (Okabe and Ito). */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f"];
const colourOf = (i: number) => COLOURS[i % COLOURS.length];

/** A colour of the page, which may be dark. */
function colour(element: HTMLElement): { text: string; line: string } {
  const { borderTopColor, color } = getComputedStyle(element);
  return { text: color, line: borderTopColor };
}

/** `20k`, so that it fits */
function short(n: number): string {
  return n.toLocaleString("en", { notation: "compact" });
}

function draw(box: HTMLElement, { isLog, series, x }: Props): uPlot {
  const { line, text } = colour(box);
  const axis = {
    stroke: text,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line },
    values: (_: uPlot, all: number[]) => all.map((n) => n === null ? "" : short(n)),
  };
  return new uPlot(
    {
      width: box.clientWidth,
      height: HEIGHT,
      scales: { x: { time: false }, y: isLog ? { distr: 3, range: [0.1, 100] } : {} },
      axes: [axis, axis],
      legend: { show: false },
      cursor: { show: false },
      series: [
        {},
        ...series.map(({ name }, i) => ({ label: name, stroke: colourOf(i), width: 2 })),
      ],
    },
    // What is not above zero has no place where each line is ten times the one before.
    [[...x], ...series.map(({ y }) => y.map((n) => isLog && n !== null && n <= 0 ? null : n))],
    box,
  );
}

/** Some of the numbers, evenly spread, the last one among them. */
function some(n: number): number[] {
  const count = Math.min(n, ROWS);
  return Array.from({ length: count }, (_, i) => Math.floor((i + 1) * n / count) - 1);
}

/** A number of a table. */
function exact(n: number | null): string {
  return n === null ? "" : n.toLocaleString("en", { maximumFractionDigits: 1 });
}

function Numbers({ of, series, title, x }: Props) {
  return (
    <details>
      <summary>{title} in numbers</summary>
      <table class="list">
        <thead>
          <tr>
            <th scope="col" class="number">{of}</th>
            {series.map(({ name }) => <th key={name} scope="col" class="number">{name}</th>)}
          </tr>
        </thead>
        <tbody>
          {some(x.length).map((i) => (
            <tr key={i}>
              <td class="number">{exact(x[i])}</td>
              {series.map(({ name, y }) => <td key={name} class="number">{exact(y[i])}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export function Plot(props: Props) {
  const { of, series, title, x } = props;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const plot = draw(box.current!, props);
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: box.current!.clientWidth, height: HEIGHT })
    );
    observer.observe(box.current!);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [x.length, x.at(-1), ...series.map(({ y }) => y.at(-1))]);
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div ref={box} class="plot" role="img" aria-label={`Plot: ${title} over ${of}`} />
      {series.length > 1 && (
        <ul class="legend">
          {series.map(({ name }, i) => (
            <li key={name}>
              <svg width="14" height="10" aria-hidden="true">
                <rect width="14" height="10" fill={colourOf(i)} />
              </svg>
              {name}
            </li>
          ))}
        </ul>
      )}
      <Numbers {...props} />
    </figure>
  );
}
