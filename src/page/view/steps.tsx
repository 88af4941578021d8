/**
 * The steps of an execution: controls, timeline, and what each point did.
 *
 * @module
 */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PageData } from "../data.ts";
import { Memory } from "../state.ts";
import { Controls } from "./controls.tsx";
import { Objects } from "./objects.tsx";
import { PointPanel } from "./point.tsx";
import { References } from "./references.tsx";
import { SourcePanel } from "./source.tsx";
import { Timeline } from "./timeline.tsx";
import { type Window, windowAround, zoomed } from "./zoom.ts";

/** Where one can go. */
function moves({ keys, points, run }: PageData, step: number): Readonly<Record<string, number>> {
  const last = points.length - 1;
  return {
    ArrowLeft: Math.max(0, step - 1),
    ArrowRight: Math.min(last, step + 1),
    Home: Math.min(run[0], last),
    End: Math.max(0, run[1] - 1),
    p: keys.findLast(({ index }) => index < step)?.index ?? step,
    n: keys.find(({ index }) => index > step)?.index ?? step,
  };
}

/** Whether a key press is meant for the control that has the focus. */
function isTaken({ altKey, ctrlKey, metaKey, target }: KeyboardEvent): boolean {
  if (altKey || ctrlKey || metaKey) return true;
  return target instanceof HTMLElement && target.closest("input, select, textarea, pre") !== null;
}

/** The first point to show: the first that makes the finding, else the first of the schedule. */
function firstStep({ keys, points, run }: PageData): number {
  return Math.min(keys[0]?.index ?? run[0], points.length - 1);
}

export function Steps({ data }: { data: PageData }) {
  const { points, run } = data;
  const memory = useMemo(() => new Memory(points), [data]);
  const [step, setStep] = useState(firstStep(data));
  const whole: Window = { from: run[0], to: Math.max(run[0] + 1, run[1]) };
  const [view, setView] = useState<Window>(whole);
  // Keys may come faster than the page is drawn: a step begins where the last one led.
  const now = useRef(step);
  const go = (to: number) => {
    now.current = to;
    setStep(to);
    setView((v) => windowAround(v, to));
  };
  const zoom = (factor: number) => setView((v) => zoomed(v, now.current, factor, points.length));
  useEffect(() => {
    const press = (e: KeyboardEvent) => {
      if (isTaken(e)) return;
      const to = moves(data, now.current)[e.key];
      if (to !== undefined) go(to);
      else if (e.key === "+") zoom(0.5);
      else if (e.key === "-") zoom(2);
      else if (e.key === "0") setView(whole);
      else return;
      e.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [data]);
  if (points.length === 0) return <p>The execution passed no point.</p>;
  return (
    <section aria-labelledby="steps" class="steps">
      <h2 id="steps">Step by step</h2>
      <Controls
        data={data}
        step={step}
        moves={moves(data, step)}
        go={go}
        zoom={zoom}
        all={() => setView(whole)}
      />
      <Timeline data={data} step={step} view={view} go={go} />
      <div class="panels">
        <PointPanel data={data} step={step} />
        <SourcePanel data={data} step={step} />
        <References memory={memory} step={step} />
        <Objects data={data} memory={memory} step={step} />
      </div>
    </section>
  );
}
