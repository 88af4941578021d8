/**
 * The source of the model's function, with the line of the point.
 *
 * @module
 */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { PageData } from "../data.ts";

export function SourcePanel({ data, step }: { data: PageData; step: number }) {
  const { excerpt, line } = data.points[step];
  const box = useRef<HTMLPreElement>(null);
  useLayoutEffect(() => {
    const mark = box.current?.querySelector("mark");
    if (mark === null || mark === undefined) return;
    // scrollIntoView() would move the page as well.
    box.current!.scrollTop = mark.offsetTop - box.current!.offsetTop -
      box.current!.clientHeight / 2;
  }, [excerpt, line]);
  if (excerpt < 0) {
    return (
      <section aria-labelledby="source" class="panel">
        <h3 id="source">Source</h3>
        <p>This point lies in no function of the model.</p>
      </section>
    );
  }
  const { file, from, lines } = data.excerpts[excerpt];
  return (
    <section aria-labelledby="source" class="panel">
      <h3 id="source">{file}:{line}</h3>
      <pre ref={box} tabIndex={0} role="region" aria-label="Source lines" class="source">
        {lines.map((text, i) => {
          const number = `${from + i}`.padStart(4);
          const whole = `${number} ${text}`;
          return from + i === line ? [<mark key={line}>{whole}</mark>, "\n"] : `${whole}\n`;
        })}
      </pre>
    </section>
  );
}
