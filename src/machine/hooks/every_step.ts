/**
 * Oracles that judge at every point, where that is asked for.
 *
 * @module
 */

const judges: (() => void)[] = [];

/** Add an oracle that judges at every point while EVERY_STEP is set. */
export function onEveryStep(f: () => void): void {
  judges.push(f);
}

/** Let all of them judge. */
export function judgeStep(): void {
  for (let i = 0; i < judges.length; i++) judges[i]();
}
