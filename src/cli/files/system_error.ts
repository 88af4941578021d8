/**
 * Errors of the system, such as a full disk: the user can mend them, and no JavaScript stack helps.
 *
 * @module
 */

/** Whether an error comes from the system, not from a fault of this tool. */
export function isSystemError(e: unknown): e is Error {
  if (!(e instanceof Error)) return false;
  // Deno gives an error of the system its code, such as ENOSPC; its own refusals have a class.
  return typeof (e as { code?: unknown }).code === "string" ||
    e instanceof Deno.errors.NotCapable ||
    e instanceof Deno.errors.PermissionDenied || /\(os error \d+\)/.test(e.message);
}

/**
 * The reason of a system error, without its number and without Deno's advice to allow everything: a
 * directory that Deno guards, such as /proc, is no place for files.
 */
export function reason(e: unknown): string {
  if (e instanceof Deno.errors.NotCapable) return "this process may not use that path";
  return (e as Error).message.replace(/ \(os error \d+\).*$/s, "").toLowerCase();
}
