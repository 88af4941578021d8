/**
 * Comments and blank lines, kept for the people who wrote them.
 *
 * Both belong to the element below them. A blank line is kept as "", a `#` with nothing behind it as
 * " ", so that the paragraphs of a comment and the groups of operations survive a rewrite.
 *
 * @module
 */

/** A bare `#`. */
const BARE = " ";

/** What a comment line says: without its `#` and the space after it. */
export function commentText(line: string): string {
  const text = line.trim().replace(/^# ?/, "");
  return text === "" ? BARE : text;
}

/** The line that says it. */
export function commentLine(text: string): string {
  if (text === "") return "";
  return text.trim() === "" ? "#" : `# ${text.trimEnd()}`;
}

/**
 * Comments with at most one blank line in a row.
 *
 * The blank line that sets a section apart is the printer's, so the first element of a section has
 * none of its own (`first`), and nothing ends in one where nothing follows (`last`).
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
