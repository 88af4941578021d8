/**
 * Types of the parts of the Deno standard library that we use.
 *
 * The import map takes `@std/*` from the npm package `deno-std`, which ships JavaScript only. An
 * ambient declaration of the mapped name gives it types: `compilerOptions.types` in `deno.json` names
 * this file, so no import needs an annotation. A function that is missing here is a type error at its
 * import: add it.
 *
 * @module
 */

declare module "@std/text/closest-string" {
  /** The most similar of `possibleWords`, which must not be empty. */
  export function closestString(
    givenWord: string,
    possibleWords: readonly string[],
    options?: { caseSensitive?: boolean; compareFn?: (a: string, b: string) => number },
  ): string;
}

declare module "@std/text/levenshtein-distance" {
  export function levenshteinDistance(a: string, b: string): number;
}

declare module "@std/cli/parse-args" {
  export interface ParseOptions<B extends string, S extends string, C extends string> {
    "--"?: boolean;
    alias?: Readonly<Record<string, string | readonly string[]>>;
    boolean?: B | readonly B[];
    /** Options that may be given several times; their value is an array. */
    collect?: C | readonly C[];
    default?: Readonly<Record<string, unknown>>;
    /** Boolean options that also have a `--no-` form. */
    negatable?: string | readonly string[];
    stopEarly?: boolean;
    string?: S | readonly S[];
    /** Called for arguments that are not declared; `false` drops them. */
    unknown?: (arg: string, key?: string, value?: unknown) => unknown;
  }

  export type Args<B extends string, S extends string, C extends string> =
    & { _: (string | number)[]; "--"?: string[] }
    & { [K in B]: boolean }
    & { [K in Exclude<S, C>]?: string }
    & { [K in C]: string[] }
    & Record<string, unknown>;

  export function parseArgs<
    const B extends string = never,
    const S extends string = never,
    const C extends string = never,
  >(args: readonly string[], options?: ParseOptions<B, S, C>): Args<B, S, C>;
}

declare module "@std/assert" {
  // deno-lint-ignore no-explicit-any
  type Class<T = unknown> = abstract new (...args: any[]) => T;

  export class AssertionError extends Error {}
  export function assert(expr: unknown, msg?: string): asserts expr;
  export function assertFalse(expr: unknown, msg?: string): asserts expr is false;
  export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T>;
  export function equal(a: unknown, b: unknown): boolean;
  export function assertEquals<T>(actual: T, expected: T, msg?: string): void;
  export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;
  export function assertStrictEquals<T>(
    actual: unknown,
    expected: T,
    msg?: string,
  ): asserts actual is T;
  export function assertNotStrictEquals<T>(actual: T, expected: T, msg?: string): void;
  export function assertAlmostEquals(
    actual: number,
    expected: number,
    tolerance?: number,
    msg?: string,
  ): void;
  export function assertGreater<T>(actual: T, expected: T, msg?: string): void;
  export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void;
  export function assertLess<T>(actual: T, expected: T, msg?: string): void;
  export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void;
  export function assertMatch(actual: string, expected: RegExp, msg?: string): void;
  export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void;
  export function assertStringIncludes(actual: string, expected: string, msg?: string): void;
  export function assertArrayIncludes<T>(
    actual: ArrayLike<T>,
    expected: ArrayLike<T>,
    msg?: string,
  ): void;
  export function assertObjectMatch(actual: object, expected: object, msg?: string): void;
  export function assertInstanceOf<T>(
    actual: unknown,
    expectedType: Class<T>,
    msg?: string,
  ): asserts actual is T;
  export function assertNotInstanceOf(actual: unknown, unexpectedType: Class, msg?: string): void;
  export function assertIsError<E extends Error = Error>(
    error: unknown,
    errorClass?: Class<E>,
    msgMatches?: string | RegExp,
    msg?: string,
  ): asserts error is E;
  export function assertThrows(fn: () => unknown, msg?: string): unknown;
  export function assertThrows<E extends Error = Error>(
    fn: () => unknown,
    errorClass: Class<E>,
    msgIncludes?: string,
    msg?: string,
  ): E;
  export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
  export function assertRejects<E extends Error = Error>(
    fn: () => PromiseLike<unknown>,
    errorClass: Class<E>,
    msgIncludes?: string,
    msg?: string,
  ): Promise<E>;
  export function fail(msg?: string): never;
  export function unimplemented(msg?: string): never;
  export function unreachable(msg?: string): never;
}
