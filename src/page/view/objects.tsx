/**
 * The objects at a step: the one that the point touches, those that make the finding, and the others.
 *
 * @module
 */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { PageData } from "../data.ts";
import type { CellState, Memory, ObjectState } from "../state.ts";

/** What accounting is about: these are shown openly. */
const SHOWN = /^(obj_cgroup|mem_cgroup|memcg_stock_pcp|obj_stock_pcp|obj_stock|page_counter)#/;

function Cell({ cell: { before, field, isAccessed, value } }: { cell: CellState }) {
  return (
    <tr class={before !== null ? "changed" : isAccessed ? "accessed" : ""}>
      <th scope="row">{field}</th>
      <td>
        {before !== null && <del>{before}</del>}
        {before !== null && " → "}
        {before !== null ? <ins>{value}</ins> : value}
      </td>
    </tr>
  );
}

function ObjectTable({ object }: { object: ObjectState }) {
  const { cells, isAccessed, mark, name } = object;
  return (
    <table class={`object ${mark} ${isAccessed ? "touched" : ""}`} data-object={name}>
      <caption>{name} {mark !== "" && <span class="mark">{mark}</span>}</caption>
      <tbody>{cells.map((cell) => <Cell key={cell.field} cell={cell} />)}</tbody>
    </table>
  );
}

export function Objects({ data, memory, step }: { data: PageData; memory: Memory; step: number }) {
  const making = useMemo(
    () => new Set(data.keys.map(({ index }) => data.points[index].object)),
    [data],
  );
  const touched = data.points[step].object;
  const known = memory.known(step);
  const isOpen = (name: string) => name === touched || making.has(name) || SHOWN.test(name);
  // First what the point touches, then what makes the finding; last what is freed and is neither.
  const rank = (name: string) =>
    name === touched
      ? 0
      : making.has(name)
      ? 1
      : memory.object(name, step).mark === "freed"
      ? 3
      : 2;
  const open = known.filter(isOpen).sort((a, b) => rank(a) - rank(b));
  const others = known.filter((name) => !isOpen(name));
  const tables = (names: readonly string[]) =>
    names.map((name) => <ObjectTable key={name} object={memory.object(name, step)} />);
  return (
    <section aria-labelledby="objects" class="panel wide">
      <h3 id="objects">Objects after this point</h3>
      <div class="objects">{tables(open)}</div>
      {others.length > 0 && <Others count={others.length} tables={() => tables(others)} />}
    </section>
  );
}

/** Objects that are drawn only if somebody wants to see them. */
function Others({ count, tables }: { count: number; tables: () => JSX.Element[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{count} more objects: locks, lists, queues</summary>
      {isOpen && <div class="objects">{tables()}</div>}
    </details>
  );
}
