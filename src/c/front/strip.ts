/**
 * Comments become blanks, so that lines and columns stay what they are.
 *
 * @module
 */

const PIECE = /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'/g;

/** The text without comments; every other character keeps its place. */
export function blankComments(text: string): string {
  return text.replace(PIECE, (piece) => piece[0] === "/" ? piece.replace(/[^\n]/g, " ") : piece);
}

/** The same with the insides of strings and characters blank, for looking for brackets. */
export function blankStrings(text: string): string {
  return text.replace(
    PIECE,
    (piece) => piece[0] + piece.slice(1, -1).replace(/[^\n]/g, " ") + piece.at(-1),
  );
}
