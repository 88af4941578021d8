/**
 * The line of a queue file that names the features which are new with the input.
 *
 * It is a comment of the input language, so that the file is an input like any other. Features are
 * numbers of 16 bits: the hash of a path, of a meeting or of an abstract state.
 *
 * @module
 */

const LINE = /^# features: (\S+)\n/m;

/** As text: two bytes a feature, in base64. */
export function encodeFeatures(features: readonly number[]): string {
  const bytes = features.flatMap((f) => [f & 0xff, f >>> 8]);
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** The features; null if the text is none that {@linkcode encodeFeatures} makes. */
export function decodeFeatures(text: string): number[] | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  const binary = atob(text);
  if (binary.length % 2 !== 0) return null;
  return Array.from(
    { length: binary.length / 2 },
    (_, i) => binary.charCodeAt(2 * i) | binary.charCodeAt(2 * i + 1) << 8,
  );
}

/** The text of an input with the line; without features there is none. */
export function withFeatures(text: string, features: readonly number[]): string {
  if (features.length === 0) return text;
  const first = text.indexOf("\n") + 1;
  return `${text.slice(0, first)}# features: ${encodeFeatures(features)}\n${text.slice(first)}`;
}

/** The text of an input without the line, and what the line says; null if it has none. */
export function splitFeatures(text: string): { text: string; features: number[] | null } {
  const line = LINE.exec(text);
  if (line === null) return { text, features: null };
  return { text: text.replace(LINE, ""), features: decodeFeatures(line[1]) };
}
