/**
 * The cells that a law adds up.
 *
 * A finding has one address, but a law about several cells is broken by any of them. Whoever judges
 * such a law names them here, for reports.
 *
 * @module
 */

/** Names the cells whose sum is wrong, for a finding of some kind at an address; or none. */
export type Judged = (kind: number, addr: number) => readonly number[];

const laws: Judged[] = [];

/** Let `f` name the cells of its findings. */
export function nameJudgedCells(f: Judged): void {
  laws.push(f);
}

/** The cells that were added up for the finding, by address; none if no law names any. */
export function judgedCells(kind: number, addr: number): number[] {
  return laws.flatMap((law) => [...law(kind, addr)]);
}
