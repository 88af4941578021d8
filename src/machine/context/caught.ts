/**
 * Exceptions that end an operation, turned into findings.
 *
 * JavaScript throws a TypeError when something is read or written through `null`. It is a NULL
 * dereference of the kernel if code of the model did it, and if what it asked for is a field of a
 * structure: then `null` was a NULL pointer. It is no finding where the name is that of a variable
 * to which its file assigns nothing but `null`, or where the field is none of the model's: that is
 * JavaScript of a patch or a target. A field of another structure, asked for by the kernel's code, is
 * a pointer to something of another type, as a corrupt list has them. Every other exception is a mistake of the file that threw it:
 * the user's, or ours.
 *
 * @module
 */
import { Poisoned } from "../words/wake.ts";
import {
  ABORTED,
  OOPS_EXCEPTION,
  OOPS_GARBAGE,
  OOPS_MISTAKE,
  OOPS_NULL,
  record,
} from "../findings/oops.ts";
import { type Blame, blame, hasUserFiles, isUserFile, placeText } from "../findings/blame.ts";
import { isMember } from "../memory/objects.ts";
import { NoField } from "../memory/struct_class.ts";
import { isAlwaysNull } from "./always_null.ts";

/** What every wrapper has, and primitives ask for. */
const OF_WRAPPERS = ["a", "index", "outer", "type"];

/** What was read or written through `null`, if that is what an exception is about. */
function throughNull({ message }: Error): { verb: string; field: string } | null {
  const [, how, name] = /of null \((reading|setting) '([^']*)'\)/.exec(message) ?? [];
  if (name === undefined) return null;
  return { verb: how === "setting" ? "Write" : "Read", field: name.replace(/^\$/, "") };
}

/** Whether a NULL pointer of the model was followed. */
function isModelPointer(field: string, { isModel, thrown }: Blame): boolean {
  if (!isModel || thrown === null) return false;
  if (!isUserFile(thrown.url)) return isMember(field) || OF_WRAPPERS.includes(field);
  return isMember(field) && !isAlwaysNull(thrown);
}

/** Record whose mistake an exception is, with its place. */
function mistake(e: Error, { user, kernel }: Blame): void {
  const stack = e.stack ?? `${e.name}: ${e.message}`;
  // A patch may have returned to the kernel's code what that code cannot use.
  const place = user ?? (hasUserFiles() ? kernel : null);
  if (place === null) record(OOPS_EXCEPTION, 0, 0, stack);
  else record(OOPS_MISTAKE, 0, 0, `${placeText(place)}: ${e.name}: ${e.message}`);
}

/** Turn what was thrown into a finding, unless it is the unwinding of one. */
export function caught(e: unknown): void {
  if (e === ABORTED) return;
  if (e instanceof Poisoned) throw e;
  if (!(e instanceof Error)) {
    // Nothing of ours throws anything else.
    record(OOPS_MISTAKE, 0, 0, `A patch or a target threw ${JSON.stringify(e) ?? String(e)}.`);
    return;
  }
  const whose = blame(e.stack ?? "");
  const asked = throughNull(e);
  if (asked !== null && isModelPointer(asked.field, whose)) {
    record(OOPS_NULL, 0, 0, `${asked.verb} of field "${asked.field}" through a NULL pointer.`);
  } else if (e instanceof NoField && isMember(e.field) && isKernels(whose)) {
    record(OOPS_GARBAGE, 0, 0, `A pointer leads to another type: ${e.message}.`);
  } else mistake(e, whose);
}

/** Whether the kernel's own code threw, on its own behalf. */
function isKernels({ kernel, user }: Blame): boolean {
  return kernel !== null && user === null;
}
