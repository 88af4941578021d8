/**
 * `bisect`: the patches of the series that bring a bug, and those that mend it.
 *
 * @module
 */
import { type Context, namesOf, oneArgument } from "../parent/context.ts";
import { type Input, loadInputs } from "../parent/inputs.ts";
import { type Answers, askAll, cellKey, titlesOf } from "../parent/probes.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import { EXIT } from "../protocol/exit_code.ts";
import type { ProbeEvent } from "../protocol/jobs.ts";
import { patchName, type Version, VERSIONS } from "../../kernel/series/kernels.ts";

const NAME_WIDTH = 22;

/** Kernels one after the other, each with the patch file that leads to it; null for the first. */
interface Stop {
  readonly kernel: string;
  readonly patch: string | null;
}

/** The versions from one to another. */
function versionsBetween({ values }: Request): readonly Version[] {
  const at = (name: string | undefined, other: number) =>
    name === undefined ? other : VERSIONS.findIndex((v) => v.name === name);
  const [from, to] = [at(values.from, 0), at(values.to, VERSIONS.length - 1)];
  if (from < to) return VERSIONS.slice(from, to + 1);
  throw new UsageError(
    `Cannot bisect from ${VERSIONS[from].name} to ${VERSIONS[to].name}: ` +
      `--from must be older than --to`,
  );
}

/** From one version to the next, patch by patch. */
function stopsBetween(before: Version, after: Version): Stop[] {
  return after.adds.map((patch, i) => {
    const added = after.adds.slice(0, i + 1).map((file) => `+${patchName(file)}`).join("");
    return { kernel: i + 1 === after.adds.length ? after.name : before.name + added, patch };
  });
}

/** Asks about one file, prints, and remembers. */
class Bisection {
  readonly #answers = new Map<string, ProbeEvent>();
  /** The first run that did not end well. */
  failed: number | null = null;

  constructor(
    readonly input: Input,
    readonly request: Request,
    readonly context: Context,
  ) {}

  async ask(kernels: readonly string[]): Promise<void> {
    if (this.failed !== null) return;
    const { context, input, request } = this;
    const cells = kernels.filter((k) => !this.#answers.has(k)).map((kernel) => ({ input, kernel }));
    const answers = await askAll(cells, request, context);
    for (const { kernel } of cells) {
      const answer = answers.cells.get(cellKey(input.path, kernel));
      if (answer !== undefined) this.#answers.set(kernel, answer);
    }
    this.failed = failureOf(answers);
  }

  isBug(kernel: string): boolean {
    return this.#answers.get(kernel)?.result === "bug";
  }

  /** Print what a kernel answered. */
  tell(kernel: string): void {
    const answer = this.#answers.get(kernel);
    if (answer === undefined) return;
    this.context.output.event(answer);
    this.context.output.line(`${kernel.padEnd(NAME_WIDTH)}${textOf(answer)}`);
  }
}

function failureOf({ result: { failure, hung, interrupted } }: Answers): number | null {
  if (failure !== null) return failure;
  if (interrupted) return EXIT.interrupted;
  return hung ? EXIT.hang : null;
}

function textOf({ missing, result, searched, title }: ProbeEvent): string {
  switch (result) {
    case "bug":
      return searched === 0 ? title! : `${title} (after ${searched} other schedules)`;
    case "other":
      return `another bug: ${title}`;
    case "clean":
      return "none";
    case "absent":
      return `cannot run: ${missing}`;
    default:
      return `none in ${searched} other schedules; not on this kernel: ${missing}`;
  }
}

/** A patch that brings or mends the bug. */
function tellChange(kind: "brought" | "mended", file: string, context: Context): void {
  const { name, title, about } = context.known.series.get(file);
  const { link, version } = about!;
  context.output.event(
    { event: "bisect", kind, commit: name, title, version, link } as { event: string },
  );
  context.output.line(`${kind} by ${name} (${version}): ${title}`);
  context.output.line(`    ${link}`);
}

/** Walk the patches between two versions; whether one of them brings the bug or mends it. */
async function walk(bisection: Bisection, before: Version, after: Version): Promise<boolean> {
  const stops = stopsBetween(before, after);
  await bisection.ask(stops.map(({ kernel }) => kernel));
  let was = bisection.isBug(before.name);
  let changes = false;
  for (const { kernel, patch } of stops) {
    const is = bisection.isBug(kernel);
    if (is !== was) tellChange(is ? "brought" : "mended", patch!, bisection.context);
    changes ||= is !== was;
    was = is;
  }
  return changes;
}

/** A bug of release candidates comes and goes between two versions: walk from one to the next. */
async function walkAll(bisection: Bisection, versions: readonly Version[]): Promise<boolean> {
  let changes = false;
  for (const [i, after] of versions.entries()) {
    if (i > 0 && await walk(bisection, versions[i - 1], after)) changes = true;
  }
  return changes;
}

/** Run the verb. */
export async function bisect(request: Request, context: Context): Promise<number> {
  const { known, output } = context;
  const path = oneArgument(request, "file");
  const [input, ...more] = await loadInputs([path], undefined, namesOf(known));
  if (more.length > 0) throw new UsageError(`Cannot bisect "${path}": it is a directory`);
  if (titlesOf(input.program).length === 0) {
    throw new UsageError(`Cannot bisect "${path}": it has no expect line with a title to look for`);
  }
  const versions = versionsBetween(request);
  const bisection = new Bisection(input, request, context);
  await bisection.ask(versions.map(({ name }) => name));
  for (const { name } of versions) bisection.tell(name);
  if (bisection.failed !== null) return bisection.failed;
  output.line("");
  const buggy = versions.filter(({ name }) => bisection.isBug(name));
  if (buggy.length === 0) {
    if (await walkAll(bisection, versions)) return bisection.failed ?? EXIT.ok;
    output.line("No kernel shows the bug");
    return bisection.failed ?? EXIT.unmet;
  }
  if (bisection.isBug(versions[0].name)) output.line(`there already in ${versions[0].name}`);
  for (const [i, after] of versions.entries()) {
    const before = versions[i - 1];
    if (before === undefined || bisection.isBug(before.name) === bisection.isBug(after.name)) {
      continue;
    }
    await walk(bisection, before, after);
  }
  if (bisection.isBug(versions.at(-1)!.name)) {
    output.line(`still there in ${versions.at(-1)!.name}`);
  }
  return bisection.failed ?? EXIT.ok;
}
