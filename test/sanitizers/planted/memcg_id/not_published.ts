/** Planted: a number finds nobody. */
import { patch } from "../../../../src/kernel/patches/patch.ts";

export default patch("not_published", "forgets to store the pointer", { idr_replace(): void {} });
