/**
 * `matrix`: every file on every kernel.
 *
 * @module
 */
import { type Context, namesOf } from "../parent/context.ts";
import { type Expected, expectedOf } from "../parent/expected.ts";
import { type Input, loadInputs } from "../parent/inputs.ts";
import {
  disagreement,
  type Entry,
  isAsExpected,
  LEGEND,
  markdownTable,
  textTable,
} from "../parent/matrix_table.ts";
import { type Answers, askAll, cellKey } from "../parent/probes.ts";
import { count } from "../parent/tally.ts";
import type { Known } from "../flags/known.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import { EXIT } from "../protocol/exit_code.ts";

function entriesOf(input: Input, kernels: readonly string[], { cells }: Answers): Entry[] {
  const expected = expectedOf(input.program, kernels);
  return kernels.map((kernel, i) => ({
    file: input.path,
    kernel,
    answer: cells.get(cellKey(input.path, kernel)),
    expected: expected[i],
  }));
}

/** A title, `none`, `bug` for any title of the file, or null if nothing is known. */
function wordOf(expected: Expected | null): string | null {
  if (expected === null) return null;
  return expected.title === undefined ? "bug" : expected.title ?? "none";
}

function tell(rows: readonly Entry[][], { values }: Request, { output }: Context): Entry[] {
  const wrong = rows.flat().filter((entry) => !isAsExpected(entry));
  for (const { answer, expected } of rows.flat()) {
    if (answer === undefined) continue;
    const ok = !wrong.some((entry) => entry.answer === answer);
    output.event({ ...answer, event: "cell", expected: wordOf(expected), ok } as { event: string });
  }
  const lines = values.markdown ? markdownTable(rows) : [...textTable(rows), "", ...LEGEND];
  for (const line of lines) output.line(line);
  if (wrong.length > 0) output.line("");
  for (const entry of wrong) output.line(disagreement(entry));
  return wrong;
}

/** The columns: those that are named, that of a tree, or all versions. */
function kernelsOf({ values }: Request, known: Known): readonly string[] {
  const { kernel, kernels } = values;
  if (kernel === undefined) return kernels ?? known.kernels.map(({ name }) => name);
  if (kernels === undefined) return [kernel];
  throw new UsageError("Cannot use --kernels with --linux: a tree is one kernel");
}

/** Run the verb. */
export async function matrix(request: Request, context: Context): Promise<number> {
  const { known, output } = context;
  const paths = request.rest.length > 0 ? request.rest : ["corpus"];
  const inputs = await loadInputs(paths, undefined, namesOf(known));
  const kernels = kernelsOf(request, known);
  const cells = inputs.flatMap((input) => kernels.map((kernel) => ({ input, kernel })));
  const answers = await askAll(cells, request, context);
  const wrong = tell(inputs.map((i) => entriesOf(i, kernels, answers)), request, context);
  const { failure, hung, interrupted } = answers.result;
  output.note(
    `${count(inputs.length, "file")} on ${count(kernels.length, "kernel")}: ` +
      (wrong.length === 0 ? "all as expected" : `${wrong.length} not as expected`),
  );
  if (failure !== null) return failure;
  if (interrupted) return EXIT.interrupted;
  if (hung) return EXIT.hang;
  return wrong.length > 0 ? EXIT.unmet : EXIT.ok;
}
