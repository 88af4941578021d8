/**
 * Control words of the bare loop; see lockstep/bare.ts.
 *
 * @module
 */
import { controlWords } from "./control.ts";

const word = controlWords("bare");

/** Points per turn, and turns left; no turns: the machine is what runs. */
export const BARE_POINTS: number = word();
export const BARE_TURNS: number = word();
