/**
 * `bisect`: the patches of the series that bring a bug, and those that mend it.
 *
 * @module
 */
import { type Context, namesOf, oneArgument } from "../parent/context.ts";
import { type Input, loadInputs } from "../parent/inputs.ts";
import { detailsOf, Route, type Stop } from "../parent/stops.ts";
import { type Answers, askAll, cellKey, titlesOf } from "../parent/probes.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import { EXIT } from "../protocol/exit_code.ts";
import type { ProbeEvent } from "../protocol/jobs.ts";
import { type Version, VERSIONS } from "../../kernel/series/kernels.ts";

const NAME_WIDTH = 22;

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

/** Walk from a kernel, patch by patch; whether one of them brings the bug or mends it. */
async function walk(bisection: Bisection, from: string, stops: readonly Stop[]): Promise<boolean> {
  await bisection.ask(stops.map(({ kernel }) => kernel));
  let was = bisection.isBug(from);
  let changes = false;
  for (const { kernel, patch } of stops) {
    const is = bisection.isBug(kernel);
    if (is !== was) tellChange(is ? "brought" : "mended", patch, bisection.context);
    changes ||= is !== was;
    was = is;
  }
  return changes;
}

/** Walk between two versions that follow one another. */
function walkTo(bisection: Bisection, route: Route, [before, after]: Version[]): Promise<boolean> {
  return walk(bisection, route.at(before), route.between(before, after));
}

/** A bug of release candidates comes and goes between two versions: walk from one to the next. */
async function walkAll(bisection: Bisection, route: Route, versions: readonly Version[]) {
  let changes = false;
  for (let i = 1; i < versions.length; i++) {
    if (await walkTo(bisection, route, versions.slice(i - 1, i + 1))) changes = true;
  }
  return changes;
}

/** The last version has the bug: what is known to mend it later? */
async function tellLast(bisection: Bisection, route: Route, last: Version): Promise<void> {
  const stops = route.after(last);
  // Each on its own: what came later is for a kernel that no version here is.
  for (const stop of stops) if (await walk(bisection, route.at(last), [stop])) return;
  bisection.context.output.line(`still there in ${route.at(last)}`);
}

/** Tell of all versions between which the bug came or went. */
async function tellAll(bisection: Bisection, route: Route, versions: readonly Version[]) {
  const isBug = (v: Version) => bisection.isBug(route.at(v));
  if (isBug(versions[0])) {
    bisection.context.output.line(`there already in ${route.at(versions[0])}`);
  }
  for (const [i, after] of versions.entries()) {
    const before = versions[i - 1];
    if (before === undefined || isBug(before) === isBug(after)) continue;
    await walkTo(bisection, route, [before, after]);
  }
  const last = versions.at(-1)!;
  if (isBug(last)) await tellLast(bisection, route, last);
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
  const route = new Route(detailsOf(input.program), known);
  const versions = versionsBetween(request).filter((v) => route.has(v));
  const bisection = new Bisection(input, request, context);
  const kernels = versions.map((v) => route.at(v));
  await bisection.ask(kernels);
  for (const kernel of kernels) bisection.tell(kernel);
  if (bisection.failed !== null) return bisection.failed;
  output.line("");
  if (kernels.some((kernel) => bisection.isBug(kernel))) {
    await tellAll(bisection, route, versions);
    return bisection.failed ?? EXIT.ok;
  }
  if (await walkAll(bisection, route, versions)) return bisection.failed ?? EXIT.ok;
  output.line("No kernel shows the bug");
  return bisection.failed ?? EXIT.unmet;
}
