/**
 * Errors of the system, such as a full disk. The user can correct them; a JavaScript stack does not
 * help.
 *
 * @module
 */

/** Whether an error comes from the system, not from a bug of this tool. */
export function isSystemError(e: unknown): e is Error {
  if (!(e instanceof Error)) return false;
  // Deno gives a system error its code, such as ENOSPC. A refusal by Deno has a class of its own.
  return typeof (e as { code?: unknown }).code === "string" ||
    e instanceof Deno.errors.NotCapable ||
    e instanceof Deno.errors.PermissionDenied || /\(os error \d+\)/.test(e.message);
}

/**
 * The reason of a system error, without its number and without Deno's advice to allow everything.
 * Files do not belong into a directory that Deno guards, such as /proc.
 */
export function reason(e: unknown): string {
  if (e instanceof Deno.errors.NotCapable) return "this process may not use that path";
  return (e as Error).message.replace(/ \(os error \d+\).*$/s, "").toLowerCase();
}
