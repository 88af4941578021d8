/**
 * Kernel functions, registered under their names.
 *
 * A function is called through its registration. That binds it late, so that a patch replaces it
 * everywhere; keeps a shadow call stack per CPU; and numbers the points inside each call, which
 * makes the *site* of a point. The wrapper is compiled per function rather than shared by
 * all: a shared closure would share its type feedback too, and every call would be megamorphic.
 *
 * @module
 */
import { frameFn, regs, SITE, SITE_BITS, SP } from "../layout/registers.ts";
import { FUNCTIONS_MAX } from "../layout/sizes.ts";
import { uninitReturn, uninitUse } from "../hooks/uninit.ts";

// deno-lint-ignore no-explicit-any
type AnyFunction = (...args: any[]) => any;

interface Entry {
  readonly id: number;
  readonly name: string;
  body: AnyFunction;
  readonly inline: boolean;
  wrapper: AnyFunction;
  /** Who last replaced the body: a patch's name, or null. */
  patchedBy: string | null;
}

/** How a function appears in reports. */
export interface KernelOptions {
  /**
   * A small helper that the kernel inlines, or that every caller shares: a finding inside it is
   * named for its caller, as syzkaller does with its ignored frames.
   */
  readonly inline?: boolean;
  /** Parameters that it has, if a patch of this kernel gives it more than the body has. */
  readonly arity?: number;
}

const entries: Entry[] = [];
const byName = new Map<string, Entry>();

/** A function is passed a value that was never written: its caller's doing. */
function uninitArgument(fn: number): void {
  uninitUse(`An argument of ${functionName(fn)}() was never written.`);
}

function compile(entry: Entry, arity: number): AnyFunction {
  const args = Array.from({ length: arity }, (_, i) => `a${i}`).join(",");
  const given = Array.from({ length: arity }, (_, i) => `a${i} !== a${i}`).join(" || ");
  const source = `return function ${entry.name}(${args}) {
    ${arity === 0 ? "" : `if (${given}) uninitArgument(${entry.id});`}
    const s = regs[${SP}] + 1, site = regs[${SITE}];
    regs[${SP}] = s;
    fn[s] = ${entry.id};
    regs[${SITE}] = ${entry.id << SITE_BITS};
    const r = entry.body(${args});
    if (r !== r) uninitReturn(${entry.id});
    regs[${SP}] = s - 1;
    regs[${SITE}] = site;
    return r;
  }`;
  return new Function("regs", "fn", "entry", "uninitArgument", "uninitReturn", source)(
    regs,
    frameFn,
    entry,
    uninitArgument,
    uninitReturn,
  );
}

/** Register a kernel function; what comes back is what everybody calls. */
export function kernel<F extends AnyFunction>(name: string, body: F, options?: KernelOptions): F {
  if (byName.has(name)) throw new Error(`Cannot register "${name}": it is registered already`);
  if (entries.length === 0) entries.push(null as unknown as Entry); // id 0 is "no function"
  if (entries.length >= FUNCTIONS_MAX) {
    throw new RangeError(`Cannot register "${name}": a kernel may have ${FUNCTIONS_MAX} functions`);
  }
  const entry: Entry = {
    id: entries.length,
    name,
    body,
    inline: options?.inline ?? false,
    wrapper: body,
    patchedBy: null,
  };
  entry.wrapper = compile(entry, options?.arity ?? body.length);
  Object.defineProperty(entry.wrapper, "id", { value: entry.id });
  entries.push(entry);
  byName.set(name, entry);
  return entry.wrapper as F;
}

/** The body of a registered function, as patches have left it. */
export function bodyOf(name: string): AnyFunction {
  const entry = byName.get(name);
  if (!entry) throw new Error(`Cannot patch "${name}": no kernel function has that name`);
  return entry.body;
}

/** Replace the body of a registered function; returns the one it had. */
export function replace(name: string, body: AnyFunction, patch: string): AnyFunction {
  const entry = byName.get(name);
  if (!entry) throw new Error(`Cannot patch "${name}": no kernel function has that name`);
  if (body.length > entry.wrapper.length) {
    throw new Error(
      `Cannot patch "${name}": it takes ${entry.wrapper.length} arguments, the patch ${body.length}`,
    );
  }
  const old = entry.body;
  entry.body = body;
  entry.patchedBy = patch;
  return old;
}

/** The registered function of that name, to call or to store as a function pointer. */
export function kernelFunction(name: string): AnyFunction | undefined {
  return byName.get(name)?.wrapper;
}

/** Number of a registered function by name, or 0. */
export function functionId(name: string): number {
  return byName.get(name)?.id ?? 0;
}

/** Number of a registered function, for storing it in shared memory. */
export function idOf(f: AnyFunction): number {
  const id = (f as { id?: number }).id;
  if (id === undefined) throw new Error("Cannot store a function that is not registered");
  return id;
}

/** Call a function by number. */
export function callById(id: number, arg: unknown): unknown {
  return entries[id].wrapper(arg);
}

/** Function stored under a number, if it is one's. */
export function functionById(id: number): AnyFunction | undefined {
  return entries[id]?.wrapper;
}

/** Name of a function, "?" for none. */
export function functionName(id: number): string {
  return entries[id]?.name ?? "?";
}

/** Whether reports name the caller instead. */
export function isInline(id: number): boolean {
  return entries[id]?.inline ?? false;
}

/** All names, in order of registration. */
export function functionNames(): string[] {
  return entries.slice(1).map((e) => e.name);
}

/**
 * Let an oracle look at every call of a function, patched or not: up to three arguments before, and
 * after the result with them; false if there is none of that name. A call that is unwound never ends.
 */
export function tap(
  name: string,
  before: (a0: unknown, a1: unknown, a2: unknown) => void,
  after: (result: unknown, a0: unknown, a1: unknown, a2: unknown) => void,
): boolean {
  const entry = byName.get(name);
  if (!entry) return false;
  // Compiled for each, like the wrappers: a closure of all would make every one of its calls slow.
  entry.body = new Function(
    "before",
    "body",
    "after",
    `return (a0, a1, a2, a3, a4, a5) => {
      before(a0, a1, a2);
      const r = body(a0, a1, a2, a3, a4, a5);
      after(r, a0, a1, a2);
      return r;
    }`,
  )(before, entry.body, after);
  return true;
}

/** Functions whose body a patch replaced, with that patch's name. */
export function patchedFunctions(): { name: string; patch: string }[] {
  return entries.slice(1).filter((e) => e.patchedBy !== null)
    .map((e) => ({ name: e.name, patch: e.patchedBy! }));
}
