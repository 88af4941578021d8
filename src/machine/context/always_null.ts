/**
 * JavaScript variables that can be nothing but `null`.
 *
 * @module
 */
import type { Place } from "../findings/blame.ts";

const answers = new Map<string, boolean>();

/** Whether the variable that `file` looks through at a place is never assigned anything but null. */
function judge(file: string, line: string, column: number): boolean {
  const [, name] = /([A-Za-z_]\w*)\s*!?\.\s*$/.exec(line.slice(0, column - 1)) ?? [];
  if (name === undefined) return false;
  const declared = new RegExp(`\\b(?:const|let|var)\\s+${name}\\b`).test(file);
  const values = [
    ...file.matchAll(
      new RegExp(`(?<![.\\w$])${name}\\b(?:\\s*:[^=;\\n]*)?\\s*=(?![=>])\\s*([^;,\\n]*)`, "g"),
    ),
  ];
  return declared && values.every(([, value]) => /^(null|undefined)\b/.test(value.trim()));
}

/** Whether the variable before the property at a place can be nothing but null. */
export function isAlwaysNull({ url, line, column }: Place): boolean {
  const key = `${url}:${line}:${column}`;
  let answer = answers.get(key);
  if (answer === undefined) answers.set(key, answer = read(url, line, column));
  return answer;
}

function read(url: string, line: number, column: number): boolean {
  try {
    const file = Deno.readTextFileSync(new URL(url));
    return judge(file, file.split("\n")[line - 1] ?? "", column);
  } catch {
    return false;
  }
}
