/** What a hub holds, read past the code that workers read it with. */
import type { Hub } from "./redis_server.ts";

export interface Contents {
  /** `KEY HASH` of each input and `KEY FILE` of each finding, in the order of the streams. */
  readonly all: string[];
  readonly findings: string[];
  /** Number of features that are covered. */
  readonly features: number;
}

/** A field of the records of a stream. */
async function fields(hub: Hub, stream: string, field: string): Promise<string[]> {
  const records = await hub.command("XRANGE", stream, "-", "+") as [string, string[]][];
  return records.map(([_, flat]) => flat[flat.indexOf(field) + 1]);
}

export async function contentsOf(hub: Hub): Promise<Contents> {
  const keys = await hub.command("HKEYS", `${hub.prefix}keys`) as string[];
  const contents = { all: [] as string[], findings: [] as string[], features: 0 };
  for (const key of keys) {
    const of = (what: string) => `${hub.prefix}${key}:${what}`;
    const inputs = await fields(hub, of("entries"), "h");
    const findings = await fields(hub, of("findings"), "n");
    contents.all.push(...[...inputs, ...findings].map((name) => `${key} ${name}`));
    contents.findings.push(...findings);
    contents.features += await hub.command("BITCOUNT", of("map"));
  }
  return contents;
}
