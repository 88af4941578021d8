/**
 * Programs, targets and reports of objcg-fuzz, for target files and for scripts.
 *
 * Everything here can be imported anywhere: it reads no file, needs no permission, and does not
 * touch the machine. A script that makes seeds can read and print them with it:
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cpu, parseProgram, printProgram, specOf } from "@objcg/fuzz";
 *
 * const spec = specOf({
 *   name: "demo",
 *   doc: "A demonstration.",
 *   ops: { poke: { doc: "Do it.", args: [cpu("cpu")], run: () => 0 } },
 * });
 * const text = "objcg-fuzz 1\ntitle: nothing happens\ntarget: demo\ncpus: 2\n\ncpu0  poke(cpu1)\n";
 * const { program, errors } = parseProgram(text, "demo.txt", [spec]);
 * assertEquals(errors, []);
 * assertEquals(printProgram(program!), text);
 * ```
 *
 * Kernel functions, `patch()` and sanitizers are not here, because their modules need the shared
 * memory of a machine when they are loaded. A patch file or a target file is loaded when that memory
 * exists. It imports `src/kernel/…` and `src/machine/…` by path, and declarations from this module.
 * README.md has an example of a patch, and fuzz/README.md of a target.
 *
 * @module
 */
export { DEFAULT_TARGET, MAGIC, VERSION } from "./src/prog/format.ts";
export {
  type Arg,
  type ArgSpec,
  BOOT,
  type Context,
  CONTEXTS,
  type Expectation,
  KERNEL_LIMITS,
  LIMITS,
  type Limits,
  limitsOf,
  type NumericEvent,
  type Operation,
  type OpSpec,
  type Position,
  type Preempt,
  PREEMPTS,
  type Program,
  type Schedule,
  type Step,
  type TargetSpec,
  type Until,
} from "./src/prog/types.ts";
export {
  cpu,
  flags,
  int,
  type OpDefinition,
  ref,
  SKIPPED,
  specOf,
  type Target,
} from "./src/prog/target.ts";
export { ParseError, parseProgram, type ParseResult } from "./src/prog/parse.ts";
export { type CheckOptions, checkProgram } from "./src/prog/check.ts";
export { Positions } from "./src/prog/positions.ts";
export { printEvent, printOperation, printProgram, printStep } from "./src/prog/print.ts";
export { scaffold } from "./src/prog/scaffold.ts";
export { PROGRAM_WORDS, SCHEDULE_WORDS } from "./src/prog/layout.ts";
export { packNumeric, packProgram, unpackNumeric, unpackProgram } from "./src/prog/pack.ts";
export { ERRNO, formatReturn, returnValue } from "./src/prog/errno.ts";
export { contentHash, slug } from "./src/prog/hash.ts";
export { interleaving, type InterleavingOptions, render } from "./src/report/render.ts";
export type { Finding, ReportInput, Site, TraceInput, TracePoint } from "./src/report/types.ts";
export type { Patch, Replacement } from "./src/kernel/patches/patch.ts";
export type { Sanitizer } from "./src/sanitizers/sanitizer.ts";
