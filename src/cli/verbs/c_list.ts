/**
 * `c list`: which functions of the model a tree's C takes the place of, and why not of others.
 *
 * @module
 */
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import { type Context, expectNoArguments } from "../parent/context.ts";
import { leftOutOf, type OfTree, translateNamed } from "../parent/linux_patch.ts";
import { count } from "../parent/tally.ts";
import { EXIT } from "../protocol/exit_code.ts";

const NAME_WIDTH = 34;

function tell({ translation, model }: OfTree, { output }: Context): void {
  const { functions, helpers, untranslated } = translation;
  for (const [name, { source, leftOut }] of functions) {
    const { file, line } = source;
    output.event(
      { event: "translated", name, file, line, left_out: leftOut.length } as { event: string },
    );
    const without = leftOut.length === 0 ? "" : `, ${count(leftOut.length, "call")} left out`;
    output.line(`${name.padEnd(NAME_WIDTH)}${file}:${line}${without}`);
  }
  for (const [name, { source }] of helpers) {
    const { file, line } = source;
    output.event({ event: "translated", name, file, line, inlined: true } as { event: string });
    output.line(`${name.padEnd(NAME_WIDTH)}${file}:${line}, inlined`);
  }
  if (untranslated.length > 0) output.line("\nBy hand:");
  for (const { name, why } of untranslated) {
    output.event({ event: "untranslated", name, why } as { event: string });
    output.line(`${name.padEnd(NAME_WIDTH)}${why}`);
  }
  const both = functions.size + untranslated.length;
  output.line(
    `\n${functions.size} of ${both} functions that model and tree have are translated, ` +
      `with ${count(leftOutOf(translation), "call")} left out; ` +
      `${model.functions.size - both} of the model are not in the files that are read`,
  );
}

/** Print what becomes of each function of the model. */
export async function cList(request: Request, context: Context): Promise<number> {
  expectNoArguments(request);
  if (request.values.linux === undefined) {
    throw new UsageError("Cannot c list: --linux TREE names no tree");
  }
  tell(await translateNamed(request), context);
  return EXIT.ok;
}
