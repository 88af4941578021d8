/**
 * The shape of a story.
 *
 * @module
 */
import type { Arrow, KeyPoint } from "./data.ts";

/** What a page tells of a finding. Places are those in the trace. */
export interface Story {
  readonly sentences: readonly string[];
  readonly arrows: readonly Arrow[];
  readonly keys: readonly KeyPoint[];
}
