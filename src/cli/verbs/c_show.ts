/**
 * `c show`: a function of a kernel tree, and beside it what it becomes in the model.
 *
 * @module
 */
import { CError } from "../../c/front/error.ts";
import type { CFunction, Tree } from "../../c/front/tree.ts";
import type { Translated } from "../../c/translate/function.ts";
import type { Line } from "../../c/translate/lines.ts";
import { signature } from "../../c/translate/module.ts";
import type { Model } from "../../c/translate/model.ts";
import { translateOne } from "../../c/translate/translate.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import type { Context } from "../parent/context.ts";
import { InputErrors } from "../parent/inputs.ts";
import { isDiff } from "../parent/paths.ts";
import { nearestKernel, openPatched } from "../parent/linux_tree.ts";
import { readModel } from "../parent/model_sources.ts";
import { EXIT } from "../protocol/exit_code.ts";

/** The column of C is as wide as its longest line, but not wider than this. */
const WIDEST = 72;
const TAB = 4;

function expandTabs(line: string): string {
  let out = "";
  for (const c of line) out += c === "\t" ? " ".repeat(TAB - out.length % TAB) : c;
  return out.trimEnd();
}

/** Rows: the C line and the lines that come from it. */
function rows(source: CFunction, lines: readonly Line[]): [string, string[]][] {
  const c = source.text.split("\n").map(expandTabs);
  const out: [string, string[]][] = c.map((text) => [text, []]);
  let at = 0;
  for (const { indent, text, from } of lines) {
    if (from !== null) at = Math.max(at, Math.min(from - source.line, c.length - 1));
    out[at][1].push("  ".repeat(indent) + text);
  }
  // Comments and what is not compiled left blank lines.
  return out.filter(([text, made]) => text !== "" || made.length > 0);
}

/** The two texts side by side. */
export function sideBySide(t: Translated): string[] {
  const { source } = t;
  const brace = source.text.slice(0, source.text.indexOf("{")).split("\n").length - 1;
  const head: Line = { indent: 0, text: `${signature(t)} {`, from: source.line };
  const end: Line = { indent: 0, text: "}", from: source.line + source.text.split("\n").length };
  const inner = t.lines.map((line) => ({
    ...line,
    indent: line.indent + 1,
    from: line.from === null ? null : Math.max(line.from, source.line + brace),
  }));
  const all = rows(source, [head, ...inner, end]);
  const width = Math.min(WIDEST, Math.max(...all.map(([text]) => text.length)));
  return all.flatMap(([text, made]) => {
    const [first = "", ...more] = made;
    const column = (left: string, right: string) => `${left.padEnd(width)}  │ ${right}`.trimEnd();
    return [column(text, first), ...more.map((line) => column("", line))];
  });
}

function tell(t: Translated, { output }: Context): void {
  const { source, leftOut } = t;
  const translation = t.lines.map(({ indent, text }) => "  ".repeat(indent) + text);
  const left_out = leftOut.map(({ what, place }) => ({ line: place.line, what }));
  const { name, file, line } = source;
  const event = {
    event: "translation",
    name,
    file,
    line,
    signature: signature(t),
    translation,
    left_out,
  };
  output.event(event);
  output.line(`${file}:${line}`);
  for (const text of sideBySide(t)) output.line(text);
  if (left_out.length > 0) output.line("Left out:");
  const told = new Set(left_out.map(({ line, what }) => `  ${file}:${line}: ${what}`));
  for (const text of told) output.line(text);
}

function show(name: string, tree: Tree, model: Model, dir: string, context: Context): void {
  let t: Translated | null;
  try {
    t = translateOne(tree, model, name);
  } catch (e) {
    if (e instanceof CError) throw new InputErrors([`${dir}/${e.message}`]);
    throw e;
  }
  if (t === null) {
    throw new UsageError(
      `Cannot find ${name}() in the files of ${dir} that are read; src/c/front/files.ts lists them`,
    );
  }
  tell(t, context);
}

/** Print functions of a tree beside their translations. */
export async function cShow(request: Request, context: Context): Promise<number> {
  const { values, rest } = request;
  if (values.linux === undefined) throw new UsageError("Cannot c show: --linux TREE names no tree");
  if (rest.length === 0) throw new UsageError("Cannot c show: it needs the name of a function");
  const diffs = (values.patch ?? []).filter(isDiff);
  const { tree } = await openPatched(values.linux, diffs, {
    preempt: values.preempt,
    bits: values.bits,
  });
  const model = readModel(values.kernel ?? nearestKernel(tree.version));
  for (const name of rest) show(name, tree, model, values.linux, context);
  return EXIT.ok;
}
