/**
 * Second bodies of functions, to compare with the first: a word of memory that all CPUs share decides
 * at every call which of the two runs.
 *
 * @module
 */
import { kernelFunction, replace } from "./registry.ts";

// deno-lint-ignore no-explicit-any
type AnyFunction = (...args: any[]) => any;

/** Functions by name, and the name of what they come from. */
export interface Bodies {
  readonly name: string;
  readonly functions: Readonly<Record<string, AnyFunction>>;
}

/** Compiled for each function, like the wrappers: a closure of all would make every call slow. */
function either(
  words: Int32Array,
  i: number,
  first: AnyFunction,
  second: AnyFunction,
  arity: number,
) {
  const args = Array.from({ length: arity }, (_, k) => `a${k}`).join(",");
  return new Function(
    "words",
    "first",
    "second",
    `return (${args}) => words[${i}] === 0 ? first(${args}) : second(${args});`,
  )(words, first, second);
}

/** Give functions a second body, on every CPU; the `i`-th one runs it as long as `words[i]` is not 0. */
export function alternate({ name, functions }: Bodies, words: Int32Array): void {
  for (const [i, [f, second]] of Object.entries(functions).entries()) {
    const first = replace(f, second, name);
    replace(f, either(words, i, first, second, kernelFunction(f)!.length), name);
  }
}
