/**
 * How a machine comes into being in a thread.
 *
 * Modules of the machine take views of its arena when they are loaded, and the kernel lays its
 * structures out in it. So the arena must be attached first, and whatever imports such a module must
 * be imported here, dynamically, once it is. A thread that breaks this rule is told so by the first
 * module that asks for a view; see {@linkcode views}.
 *
 * @module
 */
import { attach, isAttached } from "./words/arena.ts";
import { DEFAULT_CONFIG, type MachineConfig } from "./words/config.ts";

/** What a thread must know to become a CPU. */
export interface Place {
  readonly config: MachineConfig;
  /** The CPU that this thread is. */
  readonly cpu: number;
  /** The arena that CPU 0 made, if this is another one. */
  readonly shared?: SharedArrayBuffer;
}

/** What {@linkcode load} gives back: the arena, and the modules that were asked for. */
export interface Loaded<T> {
  readonly buffer: SharedArrayBuffer;
  readonly modules: T;
}

/**
 * Become a CPU of a machine, then load `modules`, such as `() => import("./worker_main.ts")`. A thread
 * does so once.
 */
export async function load<T>(place: Place, modules: () => Promise<T>): Promise<Loaded<T>> {
  // The place in a patch that calls a primitive may be many frames away from where it throws.
  (Error as { stackTraceLimit?: number }).stackTraceLimit = 64;
  const { buffer } = attach(place.config, place.shared);
  const { becomeCpu } = await import("./words/cpu_state.ts");
  const { setMode } = await import("./hooks/mode.ts");
  becomeCpu(place.cpu);
  if (place.config.free) setMode((await import("./free/free.ts")).free);
  else setMode((await import("./lockstep/lockstep.ts")).lockstep);
  return { buffer, modules: await modules() };
}

/**
 * Load modules only to read what they declare, such as the names of kernel functions. Nothing runs
 * here: if this thread is no CPU, the structures are laid out in an arena that nobody else sees.
 */
export function loadToRead<T>(modules: () => Promise<T>): Promise<T> {
  if (!isAttached()) attach(DEFAULT_CONFIG);
  return modules();
}
