/**
 * A plot, by uPlot, with its numbers as a table for those who do not see it.
 *
 * @module
 */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";

interface Props {
  readonly title: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const HEIGHT = 220;
/** Rows of the table. */
const ROWS = 12;

/** A colour of the page, which may be dark. */
function colour(element: HTMLElement): { text: string; line: string } {
  const { borderTopColor, color } = getComputedStyle(element);
  return { text: color, line: borderTopColor };
}

function draw(box: HTMLElement, { title, x, y }: Props): uPlot {
  const { line, text } = colour(box);
  const axis = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { stroke: line } };
  return new uPlot(
    {
      width: box.clientWidth,
      height: HEIGHT,
      scales: { x: { time: false } },
      axes: [axis, { ...axis, size: 60 }],
      legend: { show: false },
      cursor: { show: false },
      series: [{}, { label: title, stroke: "#1f77b4", width: 2 }],
    },
    [[...x], [...y]],
    box,
  );
}

/** Some of the numbers, evenly spread, the last one among them. */
function some(n: number): number[] {
  const count = Math.min(n, ROWS);
  return Array.from({ length: count }, (_, i) => Math.floor((i + 1) * n / count) - 1);
}

export function Plot(props: Props) {
  const { title, x, y } = props;
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
  }, [x.length, x.at(-1), y.at(-1)]);
  const [name, of] = title.split(" over ");
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div ref={box} class="plot" role="img" aria-label={`Plot: ${title}`} />
      <details>
        <summary>{title} in numbers</summary>
        <table class="list">
          <thead>
            <tr>
              <th scope="col">{of}</th>
              <th scope="col">{name}</th>
            </tr>
          </thead>
          <tbody>
            {some(x.length).map((i) => (
              <tr key={i}>
                <td>{x[i]}</td>
                <td>{y[i]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
