/**
 * Who holds a pointer to the object of the step, and where it points.
 *
 * @module
 */
import type { Holder, Memory } from "../state.ts";

/** Boxes on each side. */
const SHOWN = 8;

/** The object that the graph is about: the one that the point touches, or its value names. */
function focus(memory: Memory, step: number): string | null {
  for (let i = step; i >= 0; i--) {
    const { object, value } = memory.points[i];
    if (value !== null && memory.names.includes(value)) return value;
    if (object !== null) return object;
  }
  return null;
}

function more(n: number) {
  return n > SHOWN ? <li class="more">… {n - SHOWN} more</li> : null;
}

export function References({ memory, step }: { memory: Memory; step: number }) {
  const name = focus(memory, step);
  if (name === null) return null;
  const holders = memory.holders(name, step);
  const pointers = memory.pointers(name, step);
  const { cells, mark } = memory.object(name, step);
  const counts = cells.filter(({ field }) => /(^|\.)(refs|count|refcnt|usage)$/.test(field));
  return (
    <section aria-labelledby="references" class="panel wide">
      <h3 id="references">References to {name}</h3>
      <div class="graph">
        <ul aria-label={`Holders of ${name}`}>
          {holders.length === 0 && <li class="none">no known holder</li>}
          {holders.slice(0, SHOWN).map((h: Holder) => (
            <li key={h.name} class={`holder ${h.kind}`}>{h.name}</li>
          ))}
          {more(holders.length)}
        </ul>
        <div class={`node ${mark}`}>
          <strong>{name}</strong>
          {mark !== "" && <span class="mark">{mark}</span>}
          {counts.map(({ field, value }) => <span key={field}>{field} = {value}</span>)}
        </div>
        <ul aria-label={`Pointers of ${name}`}>
          {pointers.slice(0, SHOWN).map(({ field, to }) => (
            <li key={field} class="target">.{field} → {to}</li>
          ))}
          {more(pointers.length)}
        </ul>
      </div>
    </section>
  );
}
