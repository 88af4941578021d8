/**
 * The accesses at which actors met in the last execution, CPU by CPU: what SURW, POS and RFF put in
 * another order.
 *
 * An access lies at a place of its CPU: the number of points that the CPU has counted when it passes
 * it, whatever the other CPUs do. A kworker's points count like those of the task; handlers come
 * wherever a schedule lets them in, so their points are left out.
 *
 * One execution is read at a time. The arrays are allocated once, because the loop allocates nothing.
 *
 * @module
 */
import {
  actorContext,
  actorCpu,
  ACTS_AS_CALLBACK,
  ACTS_AS_KWORKER,
  type Meetings,
} from "../../machine/executor.ts";
import { IN_TASK } from "../../prog/layout.ts";
import { LIMITS } from "../../prog/types.ts";

/** Maximum of accesses that are kept. */
const ACCESSES_MAX = 512;

/** Whether the points of a context have places. */
function hasPlaces(context: number): boolean {
  return context === IN_TASK || context === ACTS_AS_KWORKER || context === ACTS_AS_CALLBACK;
}

/** The accesses of one execution, in the order of CPUs and places. */
export class Accesses {
  /** Number of accesses. */
  count = 0;
  /** Index of the first access of each CPU; of CPU c they end where those of c+1 begin. */
  readonly first = new Int32Array(LIMITS.cpus + 1);
  /** Of each access: its place, cell, and 1 if it may write. */
  readonly place = new Int32Array(ACCESSES_MAX);
  readonly cell = new Int32Array(ACCESSES_MAX);
  readonly writes = new Uint8Array(ACCESSES_MAX);
  /** Key of the path to the access; -1 if only its write is known. */
  readonly key = new Int32Array(ACCESSES_MAX);
  readonly cpu = new Uint8Array(ACCESSES_MAX);
  /** Points of handlers. */
  handlers = 0;

  /** Read the last execution, of a program with `cpus` CPUs. */
  read(m: Meetings, cpus: number): void {
    this.count = 0;
    for (let i = 0; i < m.count; i++) {
      if (m.cell(i) === 0) continue;
      const isKnown = m.written(i) !== 0;
      const actor = isKnown ? m.reader(i) : actorAt(m.position(i), m);
      this.#add(actor, m.position(i), m.cell(i), m.writes(i), m.key(i), m);
      // The write may be known from this meeting only.
      if (isKnown) this.#add(m.writer(i), m.written(i), m.cell(i), true, -1, m);
    }
    this.handlers = handlerPoints(m);
    this.#index(cpus);
  }

  /** Add an access, unless it is known or a handler's; they are kept in order. */
  #add(actor: number, position: number, cell: number, writes: boolean, key: number, m: Meetings) {
    if (!hasPlaces(actorContext(actor))) return;
    const cpu = actorCpu(actor);
    const place = placeAt(cpu, position, m);
    let i = this.count;
    while (i > 0 && this.#isBehind(i - 1, cpu, place)) i--;
    if (i > 0 && this.cpu[i - 1] === cpu && this.place[i - 1] === place) {
      if (key >= 0) this.key[i - 1] = key;
      return;
    }
    if (this.count === ACCESSES_MAX) return;
    this.#shift(i);
    this.count++;
    this.cpu[i] = cpu;
    this.place[i] = place;
    this.cell[i] = cell;
    this.writes[i] = writes ? 1 : 0;
    this.key[i] = key;
  }

  /** Leave only accesses to the cells for which `wanted` says so. */
  keepCells(wanted: (cell: number) => boolean, cpus: number): void {
    let n = 0;
    for (let i = 0; i < this.count; i++) if (wanted(this.cell[i])) this.#move(i, n++);
    this.count = n;
    this.#index(cpus);
  }

  #move(from: number, to: number): void {
    this.cpu[to] = this.cpu[from];
    this.place[to] = this.place[from];
    this.cell[to] = this.cell[from];
    this.writes[to] = this.writes[from];
    this.key[to] = this.key[from];
  }

  #isBehind(i: number, cpu: number, place: number): boolean {
    return this.cpu[i] > cpu || (this.cpu[i] === cpu && this.place[i] > place);
  }

  /** Make room at `i`. */
  #shift(i: number): void {
    const n = this.count;
    this.cpu.copyWithin(i + 1, i, n);
    this.place.copyWithin(i + 1, i, n);
    this.cell.copyWithin(i + 1, i, n);
    this.writes.copyWithin(i + 1, i, n);
    this.key.copyWithin(i + 1, i, n);
  }

  #index(cpus: number): void {
    let i = 0;
    for (let c = 0; c < cpus; c++) {
      this.first[c] = i;
      while (i < this.count && this.cpu[i] === c) i++;
    }
    this.first[cpus] = i;
  }
}

/** The actor that had counted the point at `position`. */
function actorAt(position: number, m: Meetings): number {
  let t = 0;
  while (t + 1 < m.turns && m.turnStart(t + 1) < position) t++;
  return m.turnActor(t);
}

/** Number of points of handlers. */
function handlerPoints(m: Meetings): number {
  let n = 0;
  for (let t = 0; t + 1 < m.turns; t++) {
    if (!hasPlaces(actorContext(m.turnActor(t)))) n += m.turnStart(t + 1) - m.turnStart(t);
  }
  return n;
}

/** The place of CPU `cpu` when `position` points were counted. */
function placeAt(cpu: number, position: number, m: Meetings): number {
  let n = 0;
  for (let t = 0; t < m.turns; t++) {
    const from = m.turnStart(t);
    if (from >= position) break;
    const actor = m.turnActor(t);
    if (actorCpu(actor) !== cpu || !hasPlaces(actorContext(actor))) continue;
    const to = t + 1 < m.turns ? m.turnStart(t + 1) : position;
    n += Math.min(to, position) - from;
  }
  return n;
}
