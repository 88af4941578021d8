/** Reads a page as its program does. */
import { inflateSync } from "node:zlib";
import { Buffer } from "node:buffer";
import type { PageData } from "../../src/page/data.ts";
import { unpack } from "../../src/page/pack.ts";

/** The data in a page. */
export function readPage(html: string): PageData {
  const [, base64] = /<script id="data" type="text\/plain">([^<]*)</.exec(html)!;
  return unpack(JSON.parse(inflateSync(Buffer.from(base64, "base64")).toString()));
}
