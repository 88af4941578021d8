/**
 * The accesses at which actors met in the last execution, CPU by CPU: what SURW, POS and RFF put in
 * another order.
 *
 * An access lies at a place of its CPU: the number of points that the CPU has counted when it passes
 * it, whatever the other CPUs do. A kworker's points count like those of the task; handlers come
 * wherever a schedule lets them in, so their points are left out.
 *
 * Of a lock that actors have met at, the releases count as accesses, too: who knows where a lock is let
 * go knows which CPUs have to wait. The machine tells them of programs that start CPUs only: with kernel
 * programs no gain was measured.
 *
 * The start of a CPU by another one counts as an access of the starter, to a cell that nobody else
 * accesses: what the started CPU does comes after it in every order. What a CPU does after it waited
 * for the end of another one is left out, because it comes last.
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
  JOINING,
  type Meetings,
  STARTED,
} from "../../machine/executor.ts";
import { IN_TASK } from "../../prog/layout.ts";
import { KERNEL_LIMITS, LIMITS } from "../../prog/types.ts";

/** What an access does, besides reading or writing: nothing; it takes a lock; it lets one go. */
const PLAIN = 0;
export const ACQUIRES = 1;
export const RELEASES = 2;

/** Maximum of accesses that are kept: of a program that a kernel could run, and of a wider one. */
const KERNEL_ACCESSES_MAX = 512;
const ACCESSES_MAX = 4096;

/** Whether the points of a context have places. */
function hasPlaces(context: number): boolean {
  return context === IN_TASK || context === ACTS_AS_KWORKER || context === ACTS_AS_CALLBACK;
}

/** The cell that the start of CPU `cpu` accesses; no access has such a number. */
function cellOfStart(cpu: number): number {
  return -1 - cpu;
}

/** The CPU that an access to this cell starts, or -1. */
export function startedBy(cell: number): number {
  return cell < 0 ? -1 - cell : -1;
}

/** Accesses, each property in a column. */
class Columns {
  readonly place = new Int32Array(ACCESSES_MAX);
  readonly cell = new Int32Array(ACCESSES_MAX);
  readonly writes = new Uint8Array(ACCESSES_MAX);
  readonly key = new Int32Array(ACCESSES_MAX);
  readonly cpu = new Uint8Array(ACCESSES_MAX);
  readonly lock = new Uint8Array(ACCESSES_MAX);
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
  /** Of each access: whether it takes a lock that is let go later, or lets one go. */
  readonly lock = new Uint8Array(ACCESSES_MAX);
  /** Of each CPU: the one that starts it, or -1. */
  readonly starter = new Int8Array(LIMITS.cpus);
  /** Number of accesses that are no starts. */
  shared = 0;
  /** Of each CPU: the place where it waits for the end of another one. */
  readonly #ends = new Int32Array(LIMITS.cpus);
  /** Points of handlers. */
  handlers = 0;
  /**
   * While an execution is read: the accesses as they come, and their order. To make room in one array
   * is a sixth of the work of making room in all.
   */
  readonly #read = new Columns();
  #room = ACCESSES_MAX;
  readonly #order = new Int32Array(ACCESSES_MAX);

  /** Read the last execution, of a program with `cpus` CPUs. */
  read(m: Meetings, cpus: number): void {
    this.count = 0;
    this.#room = cpus > KERNEL_LIMITS.cpus ? ACCESSES_MAX : KERNEL_ACCESSES_MAX;
    this.starter.fill(-1);
    this.#ends.fill(0x7fffffff);
    readTurns(m);
    for (let i = 0; i < m.count; i++) {
      if (m.cell(i) === 0) {
        if (!m.writes(i)) this.#note(i, cpus, m);
        continue;
      }
      const isKnown = m.written(i) !== 0;
      const actor = isKnown ? m.reader(i) : actorAt(m.position(i));
      this.#add(actor, m.position(i), m.cell(i), m.writes(i), m.key(i));
      // The write may be known from this meeting only.
      if (isKnown) this.#add(m.writer(i), m.written(i), m.cell(i), true, -1);
    }
    for (let r = 0; r < m.releases; r++) {
      this.#release(m.releaser(r), m.releasedAt(r), m.released(r));
    }
    this.handlers = handlerPoints();
    this.#takeInOrder();
    this.#index(cpus);
  }

  /** It is no access, but may be the start of a CPU, or a wait for its end. */
  #note(i: number, cpus: number, m: Meetings): void {
    const key = m.key(i);
    const position = m.position(i);
    if (key === JOINING) {
      const cpu = actorCpu(m.reader(i));
      this.#ends[cpu] = Math.min(this.#ends[cpu], placeAt(cpu, position));
    }
    const started = key - STARTED;
    if (started < 0 || started >= cpus || this.starter[started] >= 0) return;
    this.starter[started] = actorCpu(m.reader(i));
    this.#add(m.reader(i), position - 1, cellOfStart(started), true, key);
  }

  /** An actor lets a lock go; nothing is known of that if it is not known where it took it. */
  #release(actor: number, position: number, cell: number): void {
    if (!hasPlaces(actorContext(actor))) return;
    const cpu = actorCpu(actor);
    const place = placeAt(cpu, position);
    const read = this.#read;
    const order = this.#order;
    const i = this.#end(cpu, place);
    const isKnown = this.#isAt(i - 1, cpu, place) && read.cell[order[i - 1]] === cell;
    const release = isKnown ? i - 1 : i;
    let t = release - 1;
    while (t >= 0 && read.cpu[order[t]] === cpu && read.cell[order[t]] !== cell) t--;
    if (t < 0 || read.cpu[order[t]] !== cpu || read.lock[order[t]] === RELEASES) return;
    if (!isKnown) {
      if (this.count === this.#room) return;
      this.#insert(i, cpu, place, cell, true, -1);
    }
    read.lock[order[t]] = ACQUIRES;
    read.lock[order[release]] = RELEASES;
  }

  /** Put the accesses in their order, but for those behind the end of their CPU. */
  #takeInOrder(): void {
    const read = this.#read;
    let n = 0;
    this.shared = 0;
    for (let i = 0; i < this.count; i++) {
      const r = this.#order[i];
      if (read.place[r] >= this.#ends[read.cpu[r]]) continue;
      if (startedBy(read.cell[r]) < 0) this.shared++;
      this.#move(read, r, n++);
    }
    this.count = n;
  }

  /** Add an access, unless it is known or a handler's; they are kept in order. */
  #add(actor: number, position: number, cell: number, writes: boolean, key: number): void {
    if (!hasPlaces(actorContext(actor))) return;
    const cpu = actorCpu(actor);
    const place = placeAt(cpu, position);
    const i = this.#end(cpu, place);
    if (this.#isAt(i - 1, cpu, place)) {
      if (key >= 0) this.#read.key[this.#order[i - 1]] = key;
      return;
    }
    if (this.count === this.#room) return;
    this.#insert(i, cpu, place, cell, writes, key);
  }

  #insert(i: number, cpu: number, place: number, cell: number, writes: boolean, key: number): void {
    const read = this.#read;
    const r = this.count++;
    this.#order.copyWithin(i + 1, i, r);
    this.#order[i] = r;
    read.lock[r] = PLAIN;
    read.cpu[r] = cpu;
    read.place[r] = place;
    read.cell[r] = cell;
    read.writes[r] = writes ? 1 : 0;
    read.key[r] = key;
  }

  /** Leave only accesses to the cells for which `wanted` says so, starts, and those to locks. */
  keepCells(wanted: (cell: number) => boolean, cpus: number): void {
    let n = 0;
    for (let i = 0; i < this.count; i++) {
      const isPlain = startedBy(this.cell[i]) < 0 && this.lock[i] === PLAIN;
      if (!isPlain || wanted(this.cell[i])) this.#move(this, i, n++);
    }
    this.count = n;
    this.#index(cpus);
  }

  #move(columns: Columns, from: number, to: number): void {
    this.cpu[to] = columns.cpu[from];
    this.place[to] = columns.place[from];
    this.cell[to] = columns.cell[from];
    this.writes[to] = columns.writes[from];
    this.key[to] = columns.key[from];
    this.lock[to] = columns.lock[from];
  }

  /** Index in the order of the first access behind a place. */
  #end(cpu: number, place: number): number {
    let from = 0;
    let to = this.count;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#isBehind(middle, cpu, place)) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  /** Whether the access at `i` of the order is behind a place. */
  #isBehind(i: number, cpu: number, place: number): boolean {
    const r = this.#order[i];
    const other = this.#read.cpu[r];
    return other > cpu || (other === cpu && this.#read.place[r] > place);
  }

  #isAt(i: number, cpu: number, place: number): boolean {
    if (i < 0) return false;
    const r = this.#order[i];
    return this.#read.cpu[r] === cpu && this.#read.place[r] === place;
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

/**
 * The turns of the execution that is read: number of points before each, its actor and CPU, and the points
 * with places that its CPU had counted before it. Each is looked at many times.
 */
let starts = new Int32Array(256);
let actors = new Int32Array(256);
let before = new Int32Array(256);
let turns = 0;
const counted = new Int32Array(LIMITS.cpus);

function readTurns(m: Meetings): void {
  turns = m.turns;
  if (before.length < turns) {
    [starts, actors, before] = [0, 1, 2].map(() => new Int32Array(2 * turns));
  }
  counted.fill(0);
  for (let t = 0; t < turns; t++) {
    starts[t] = m.turnStart(t);
    actors[t] = m.turnActor(t);
  }
  for (let t = 0; t < turns; t++) {
    const cpu = actorCpu(actors[t]);
    before[t] = counted[cpu];
    if (t + 1 === turns || !hasPlaces(actorContext(actors[t]))) continue;
    counted[cpu] += starts[t + 1] - starts[t];
  }
}

/** The last turn that began before `position`; -1 if there is none. */
function turnAt(position: number): number {
  let [from, to] = [0, turns];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (starts[middle] < position) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

/** The actor that had counted the point at `position`. */
function actorAt(position: number): number {
  return actors[Math.max(0, turnAt(position))];
}

/** Number of points of handlers. */
function handlerPoints(): number {
  let n = 0;
  for (let t = 0; t + 1 < turns; t++) {
    if (!hasPlaces(actorContext(actors[t]))) n += starts[t + 1] - starts[t];
  }
  return n;
}

/** The place of CPU `cpu` when `position` points were counted. */
function placeAt(cpu: number, position: number): number {
  const last = turnAt(position);
  for (let t = last; t >= 0; t--) {
    if (actorCpu(actors[t]) !== cpu) continue;
    if (!hasPlaces(actorContext(actors[t]))) return before[t];
    return before[t] + (t < last ? starts[t + 1] : position) - starts[t];
  }
  return 0;
}
