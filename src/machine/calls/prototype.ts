/**
 * Prototypes: how a file calls a kernel function whose file it cannot import.
 *
 * In C a file may call any function that is declared, and the linker finds the definition. Here the
 * registry is the linker: a prototype finds the function by its name at the first call. Two files
 * that call each other need no circle of imports: the lower one declares what the upper one defines.
 *
 * @module
 */
import { kernelFunction } from "./registry.ts";

// deno-lint-ignore no-explicit-any
type AnyFunction = (...args: any[]) => any;

function link(name: string, arity: number): AnyFunction {
  const f = kernelFunction(name);
  if (f === undefined) {
    throw new Error(`Cannot call "${name}": no module that defines it is loaded`);
  }
  if (f.length === arity) return f;
  throw new Error(`Cannot call "${name}" with ${arity} arguments: it takes ${f.length}`);
}

/** A function that calls the registered function `name`, which takes `arity` arguments. */
export function prototype<F extends AnyFunction>(name: string, arity: number): F {
  const args = Array.from({ length: arity }, (_, i) => `a${i}`).join(", ");
  // Compiled for each, like the wrappers of the registry: a shared closure would be megamorphic.
  const source = `let f = null;
  return function ${name}(${args}) {
    if (f === null) f = link("${name}", ${arity});
    return f(${args});
  }`;
  return new Function("link", source)(link) as F;
}
