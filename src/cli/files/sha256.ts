/**
 * Checksums that others can check: SHA-256.
 *
 * @module
 */

/** The checksum of the parts in a row, in hexadecimal digits. */
export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  // An import would be loaded by every command, which takes 20 ms, and few need a checksum.
  const hash = process.getBuiltinModule("node:crypto").createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
