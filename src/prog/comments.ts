/**
 * Comments and blank lines, which survive a rewrite of the file.
 *
 * A comment and a blank line belong to the element below them. A blank line is kept as "", and a
 * `#` with nothing behind it as " ". So the paragraphs of a comment and the groups of operations
 * stay.
 *
 * @module
 */

/** The text of a bare `#`. */
const BARE = " ";

/** The text of a comment line, without its `#` and the space after it. */
export function commentText(line: string): string {
  const text = line.trim().replace(/^# ?/, "");
  return text === "" ? BARE : text;
}

/** The comment line for a text. */
export function commentLine(text: string): string {
  if (text === "") return "";
  return text.trim() === "" ? "#" : `# ${text.trimEnd()}`;
}

/**
 * Comments with at most one blank line in a row.
 *
 * The printer writes the blank line between sections, so the first element of a section does not
 * begin with one (`first`), and the last comment of a file does not end with one (`last`).
 */
export function tidyComments(comments: readonly string[], first: boolean, last: boolean): string[] {
  const tidy: string[] = [];
  for (const text of comments) {
    const repeated = tidy.length === 0 ? first : tidy[tidy.length - 1] === "";
    if (text !== "" || !repeated) tidy.push(text);
  }
  while (last && tidy[tidy.length - 1] === "") tidy.pop();
  return tidy;
}
