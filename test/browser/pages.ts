/** Pages that the tests in a browser open. */
import { assertStringIncludes } from "@std/assert";
import type { PageData } from "../../src/page/data.ts";
import { findingPage } from "../../src/page/page.ts";
import { readPage } from "../page/read_page.ts";
import { cli, PATIENT, withDir } from "../system/harness.ts";

const S2 = "corpus/objcg/seeds/s02-css-get-dead-memcg.txt";
/** Points of the largest recording. */
export const LARGEST = 20_480;

export interface Written {
  readonly url: string;
  readonly data: PageData;
  /** The text trace. */
  readonly trace: string;
}

/** The page of S2, written by `replay`. */
export function withS2(use: (written: Written) => Promise<void>): Promise<void> {
  return withFinding([S2, "--kernel", "posted"], use);
}

/** The page of a finding, written by `replay` with these arguments. */
export function withFinding(
  args: readonly string[],
  use: (written: Written) => Promise<void>,
): Promise<void> {
  return withDir(async (dir) => {
    const file = `${dir}/page.html`;
    const { err, out } = await cli("replay", ...args, "--trace", "--html", file, ...PATIENT);
    assertStringIncludes(err, `Wrote ${file}`);
    await use({ url: `file://${file}`, data: readPage(Deno.readTextFileSync(file)), trace: out });
  });
}

/** A page with as many points as a recording can have: those of a page, again and again. */
export function largest(data: PageData): string {
  const points = Array.from({ length: LARGEST }, (_, i) => data.points[i % data.points.length]);
  return findingPage({ ...data, points, run: [0, LARGEST] });
}
