/**
 * The events of `--json`, as src/cli/README.md describes them. Whatever test reads events checks them
 * against that page.
 *
 * @module
 */
import { read } from "./documentation.ts";

/** Keys that the page names only for some runs. */
const OPTIONAL: Readonly<Record<string, readonly string[]>> = {
  status: ["shard"],
  patch: ["only_in"],
};

/** The keys of an event in the order of the page; undefined if the page does not know the event. */
export function documentedKeys(event: string): string[] | undefined {
  const row = new RegExp(`^\\| \`${event}\` +\\| (.*) \\|$`, "m").exec(read("src/cli/README.md"));
  return row === null ? undefined : [...row[1].matchAll(/`(\w+)`/g)].map(([_, key]) => key);
}

/** What the page does not say of an event; undefined if it says all. */
export function undocumented(
  e: { readonly event: string; readonly [key: string]: unknown },
): string | undefined {
  const documented = documentedKeys(e.event);
  if (documented === undefined) return `${e.event} is no event of src/cli/README.md`;
  const optional = OPTIONAL[e.event] ?? [];
  const keys = Object.keys(e).slice(1);
  const expected = documented.filter((key) => keys.includes(key) || !optional.includes(key));
  const same = Object.keys(e)[0] === "event" && keys.join() === expected.join();
  return same ? undefined : `${e.event} has the keys ${keys.join(", ")}`;
}
