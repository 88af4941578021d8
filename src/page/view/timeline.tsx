/**
 * The timeline: a lane per CPU, with contexts, bands, grace periods, switches and arrows.
 *
 * @module
 */
import { memo } from "preact/compat";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Arrow, PageData } from "../data.ts";
import { levelOf, type Range } from "../lanes.ts";
import { type Drawing, drawingOf, type Lane, ROW, rowY, STRIP, stripY } from "./layout.ts";
import type { Window } from "./zoom.ts";

/** Width of a letter of a label, and of the narrowest thing that is drawn. */
const LETTER = 6.2;
const LEAST = 0.4;
/** Width of what one sees among others, and of what one can point at. */
const SEEN = 1.5;
const POINTED = 4;
/** Space at the edges. */
const MARGIN = 6;

/** From places to the width of the picture. */
class Scale {
  constructor(readonly view: Window, readonly width: number) {}

  x(place: number): number {
    const { from, to } = this.view;
    return MARGIN + (place - from) / (to - from) * (this.width - 2 * MARGIN);
  }

  /** The part of a range that one sees; null if there is none. */
  box({ from, to }: Range): { readonly x: number; readonly width: number } | null {
    if (to < this.view.from || from >= this.view.to) return null;
    const x = this.x(Math.max(from, this.view.from));
    return { x, width: Math.max(LEAST, this.x(Math.min(to + 1, this.view.to)) - x) };
  }

  place(x: number): number {
    const { from, to } = this.view;
    const share = (x - MARGIN) / (this.width - 2 * MARGIN);
    return Math.min(to - 1, Math.max(from, Math.floor(from + share * (to - from))));
  }
}

/** As much of a label as there is room for. */
function fitted(label: string, width: number): string {
  const letters = Math.floor((width - 4) / LETTER);
  if (letters < 3) return "";
  return label.length <= letters ? label : label.slice(0, letters - 1) + "…";
}

function Box(props: {
  range: Range;
  y: number;
  height: number;
  kind: string;
  label: string;
  scale: Scale;
  isTold: boolean;
}) {
  const { height, isTold, kind, label, range, scale, y } = props;
  const box = scale.box(range);
  if (box === null) return null;
  const told = isTold ? fitted(label, box.width) : "";
  return (
    <g class={kind}>
      <rect x={box.x} y={y} width={box.width} height={height}>
        {box.width >= POINTED && <title>{label}</title>}
      </rect>
      {told !== "" && <text x={box.x + 3} y={y + height - 6}>{told}</text>}
    </g>
  );
}

/** Ranges that lie so close that one sees one, as one. */
function merged(runs: readonly Range[], scale: Scale): Range[] {
  const found: { from: number; to: number }[] = [];
  for (const run of runs) {
    if (run.to < scale.view.from || run.from >= scale.view.to) continue;
    const last = found.at(-1);
    const isClose = last !== undefined && scale.x(run.from) - scale.x(last.to + 1) < SEEN / 2;
    if (isClose) last.to = run.to;
    else found.push({ ...run });
  }
  return found;
}

/** What one sees of things in rows, in the order of their begin: not what lies within one line of another. */
function visible<T extends Range>(all: readonly T[], row: (t: T) => string, scale: Scale): T[] {
  const ends = new Map<string, number>();
  return all.filter((t) => {
    const box = scale.box(t);
    if (box === null) return false;
    const end = ends.get(row(t)) ?? -Infinity;
    if (box.width < SEEN && box.x + box.width < end + SEEN) return false;
    ends.set(row(t), Math.max(end, box.x + box.width));
    return true;
  });
}

function LaneView({ lane, scale }: { lane: Lane; scale: Scale }) {
  const shared = { scale, isTold: false };
  return (
    <g>
      <text class="cpu" x={MARGIN} y={lane.y + 12}>CPU{lane.cpu}</text>
      {visible(lane.threads, ({ level }) => level, scale).map((t) => (
        <g key={`${t.level} ${t.from}`}>
          <Box
            {...shared}
            range={t}
            y={rowY(lane, t.level) + 2}
            height={ROW - 4}
            kind={`span ${t.level}`}
            label={t.label}
          />
          {merged(t.runs, scale).map((run) => (
            <Box
              {...shared}
              isTold
              range={run}
              y={rowY(lane, t.level)}
              height={ROW - 2}
              kind={`run ${t.level}`}
              label={t.label}
            />
          ))}
        </g>
      ))}
      {visible(lane.bands, ({ strip }) => `${strip}`, scale).map((b) => (
        <Box
          {...shared}
          key={`${b.kind} ${b.label} ${b.from}`}
          range={b}
          y={stripY(lane, b.strip)}
          height={STRIP}
          kind={`band ${b.kind}`}
          label={b.label}
        />
      ))}
    </g>
  );
}

/** The middle of a point's row. */
function pointY(data: PageData, { lanes }: Drawing, i: number): number {
  const p = data.points[i];
  return rowY(lanes[p.cpu], levelOf(p)) + ROW / 2;
}

function ArrowView(props: { arrow: Arrow; data: PageData; drawing: Drawing; scale: Scale }) {
  const { arrow: { from, label, to }, data, drawing, scale } = props;
  const isLaw = to >= data.run[1];
  const end = isLaw ? data.run[1] - 0.5 : to;
  if (Math.max(from, end) < scale.view.from || Math.min(from, end) >= scale.view.to) return null;
  const [x1, x2] = [scale.x(from + 0.5), scale.x(end + 0.5)];
  const y1 = pointY(data, drawing, from);
  const y2 = isLaw ? drawing.height - 4 : pointY(data, drawing, to);
  const bend = Math.min(y1, y2) - 14;
  // Beside the write, on the side where there is room for it.
  const isRight = x1 > scale.width / 2;
  return (
    <g>
      <path
        class="arrow"
        d={`M${x1},${y1} Q${(x1 + x2) / 2},${bend} ${x2},${y2}`}
        marker-end="url(#head)"
      >
        <title>{label}</title>
      </path>
      <text
        class="told"
        x={isRight ? x1 - 8 : x1 + 8}
        y={y1 - 8}
        text-anchor={isRight ? "end" : "start"}
      >
        {label}
      </text>
    </g>
  );
}

/** What does not change from step to step. */
const Base = memo(function Base(props: { data: PageData; drawing: Drawing; scale: Scale }) {
  const { data, drawing, scale } = props;
  const shown = drawing.switches.filter(({ at }) => at >= scale.view.from && at < scale.view.to);
  // Of more switches than this one sees no single line.
  const switches = shown.length > scale.width / 3 ? [] : shown;
  return (
    <g>
      {visible(drawing.grace, () => "", scale).map((g) => (
        <g key={`${g.label} ${g.from}`}>
          <Box
            range={g}
            y={0}
            height={drawing.height}
            kind="grace"
            label={`grace period: ${g.label}`}
            scale={scale}
            isTold={false}
          />
          <Box
            range={g}
            y={0}
            height={16}
            kind="grace head"
            label={`grace period: ${g.label}`}
            scale={scale}
            isTold
          />
        </g>
      ))}
      {switches.map(({ at, reason, to }) => (
        <line class="switch" x1={scale.x(at)} x2={scale.x(at)} y1={20} y2={drawing.height}>
          <title>switch to CPU{to} ({reason})</title>
        </line>
      ))}
      {drawing.lanes.map((lane) => <LaneView key={lane.cpu} lane={lane} scale={scale} />)}
      {data.keys.filter(({ index: i }) => i >= scale.view.from && i < scale.view.to).map((key) => (
        <circle
          class={`key ${key.why}`}
          cx={scale.x(key.index + 0.5)}
          cy={pointY(data, drawing, key.index)}
          r={4}
        >
          <title>{key.why}</title>
        </circle>
      ))}
      {data.arrows.map((arrow) => (
        <ArrowView arrow={arrow} data={data} drawing={drawing} scale={scale} />
      ))}
    </g>
  );
});

const LEGEND = [
  ["run task", "task"],
  ["run kworker", "kworker"],
  ["run softirq", "softirq"],
  ["run hardirq", "hardirq"],
  ["run nmi", "NMI"],
  ["band irq", "interrupts off"],
  ["band rcu", "RCU section"],
  ["band lock", "lock held"],
  ["grace head", "grace period"],
  ["key", "key point"],
];

function Legend() {
  return (
    <ul class="legend">
      {LEGEND.map(([kind, text]) => (
        <li>
          <svg width="14" height="10" aria-hidden="true">
            <g class={kind}>
              <rect width="14" height="10" />
            </g>
          </svg>
          {text}
        </li>
      ))}
    </ul>
  );
}

/** The width of an element, also when it changes. */
function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(900);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(entry.contentRect.width));
    observer.observe(ref.current!);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}

interface Props {
  readonly data: PageData;
  readonly step: number;
  readonly view: Window;
  readonly go: (to: number) => void;
}

export function Timeline({ data, step, view, go }: Props) {
  const { ref, width } = useWidth();
  const drawing = useMemo(() => drawingOf(data), [data]);
  const scale = useMemo(() => new Scale(view, width), [view.from, view.to, width]);
  const x = scale.x(step + 0.5);
  return (
    <div ref={ref} class="timeline">
      <svg
        role="img"
        aria-label={`Timeline of ${data.cpus} CPUs, points ${view.from} to ${view.to - 1}`}
        width="100%"
        height={drawing.height}
        viewBox={`0 0 ${width} ${drawing.height}`}
        onClick={(e) => {
          const { left } = e.currentTarget.getBoundingClientRect();
          go(scale.place(e.clientX - left));
        }}
      >
        <defs>
          <marker
            id="head"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0,0 L8,4 L0,8 z" class="head" />
          </marker>
        </defs>
        <Base data={data} drawing={drawing} scale={scale} />
      </svg>
      {/* Outside of the picture: else every step would draw all of it again. */}
      <div
        class="cursor"
        style={{ height: `${drawing.height}px`, transform: `translateX(${x - 1}px)` }}
      />
      <Legend />
    </div>
  );
}
