/**
 * Giving a constant of the sources another value.
 *
 * A constant is named by its module and itself: `queue.DRAWS` is DRAWS of queue.ts. Its value is a
 * number that stands in the source once, as `const DRAWS = 6;` or, for an entry of a table, as
 * `  [2, insert],`, which is named `mutate.MUTATIONS.insert`.
 *
 * @module
 */

/** Where the number is: in front of it, itself, and behind it. */
function pattern(name: string): RegExp {
  const [constant, entry] = name.split(".");
  return entry === undefined
    ? new RegExp(`^((?:export )?const ${constant} = )([\\d_]+)(;)$`, "gm")
    : new RegExp(`^(  \\[)(\\d+)(, (?:.*\\b)?${entry}\\b.*\\],)$`, "gm");
}

function find(source: string, name: string): RegExpExecArray {
  const found = [...source.matchAll(pattern(name))];
  if (found.length !== 1) {
    throw new Error(`Cannot find the value of ${name}: it stands there ${found.length} times`);
  }
  return found[0];
}

/** The value of a constant, by its name without the module. */
export function valueOf(source: string, name: string): number {
  return Number(find(source, name)[2].replaceAll("_", ""));
}

/** The source with another value of the constant. */
export function override(source: string, name: string, value: number): string {
  const [all, before, , after] = find(source, name);
  return source.replace(all, () => `${before}${value}${after}`);
}

/** The next sensible values below and above: half and double, but whole, and other ones. */
export function halfAndDouble(value: number, min: number): number[] {
  const half = Math.max(min, value > 1 ? Math.round(value / 2) : 0);
  return half === value ? [value * 2] : [half, value * 2];
}
