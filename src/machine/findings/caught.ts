/**
 * Exceptions that end an operation, turned into findings.
 *
 * @module
 */
import { Poisoned } from "../words/wake.ts";
import { ABORTED, OOPS_EXCEPTION, OOPS_NULL, record } from "./oops.ts";

/** Turn what was thrown into a finding, unless it is the unwinding of one. */
export function caught(e: unknown): void {
  if (e === ABORTED) return;
  if (e instanceof Poisoned) throw e;
  if (e instanceof TypeError && /properties of null/.test(e.message)) {
    const field = /(?:reading|setting) '([^']*)'/.exec(e.message)?.[1].replace(/^\$/, "") ?? "?";
    const verb = /setting/.test(e.message) ? "Write" : "Read";
    record(OOPS_NULL, 0, 0, `${verb} of field "${field}" through a NULL pointer.`);
    return;
  }
  const error = e instanceof Error ? e : new Error(String(e));
  record(OOPS_EXCEPTION, 0, 0, error.stack ?? `${error.name}: ${error.message}`);
}
