/**
 * What the point of this step does.
 *
 * @module
 */
import type { PageData, PagePoint } from "../data.ts";
import { labelOf, levelOf } from "../lanes.ts";

/** `READ_ONCE obj_cgroup#1.memcg = NULL`, as the text trace has it. */
export function pointText({ what, object, field, value }: PagePoint): string {
  const cell = object === null ? "" : ` ${object}${field === null ? "" : `.${field}`}`;
  return what + cell + (value === null ? "" : ` = ${value}`);
}

const WHY: Readonly<Record<string, string>> = {
  finding: "the finding was made here",
  conflict: "another thread came in between here",
  value: "it changes what the law adds up",
  race: "one of the two accesses that nothing orders",
  lock: "a lock of the cycle is taken here",
  object: "it left the object as it was found",
};

function held({ bhOff, inRcu, irqOff, locks, preemptOff }: PagePoint): string {
  const off = [
    irqOff ? "interrupts off" : "",
    bhOff ? "softirqs off" : "",
    preemptOff ? "preemption off" : "",
    inRcu ? "RCU read-side section" : "",
    ...locks.map((lock) => `${lock} held`),
  ];
  return off.filter((o) => o !== "").join(", ") || "nothing";
}

export function PointPanel({ data, step }: { data: PageData; step: number }) {
  const p = data.points[step];
  const before = data.points[step - 1];
  const isSwitch = before !== undefined && before.cpu !== p.cpu;
  const key = data.keys.find(({ index }) => index === step);
  return (
    <section aria-labelledby="point" class="panel">
      <h3 id="point">CPU{p.cpu}: {levelOf(p)}</h3>
      <p id="text" class="point" aria-live="polite" data-step={step} data-cpu={p.cpu}>
        <code>{pointText(p)}</code>
      </p>
      {key !== undefined && <p class="key">Key point: {WHY[key.why]}.</p>}
      <dl>
        <dt>Operation</dt>
        <dd>{labelOf(p, data.ops)}</dd>
        {isSwitch && <dt>Switch</dt>}
        {isSwitch && <dd>from CPU{before.cpu} ({p.switchReason ?? "schedule"})</dd>}
        <dt>Holds</dt>
        <dd>{held(p)}</dd>
        <dt>Calls</dt>
        <dd>
          <ol class="calls">{[...p.stack].reverse().map((fn, i) => <li key={i}>{fn}</li>)}</ol>
        </dd>
      </dl>
    </section>
  );
}
