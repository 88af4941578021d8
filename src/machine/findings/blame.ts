/**
 * Whose code threw an exception, by the JavaScript stack.
 *
 * Of the frames outside of the machine, the innermost one is asked. The kernel and the targets in
 * fuzz/ are *model*: code that stands for the kernel's, and that follows model pointers. Files that
 * are not the project's, and those that the user named, are the *user's*: model too, but not our
 * work. All else, such as a sanitizer, a report or a strategy, is the *tool*.
 *
 * @module
 */

/** A place in a file. */
export interface Place {
  /** URL of the file. */
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** What a stack says. */
export interface Blame {
  /** Whether code of the model threw, or the machine on its behalf. */
  readonly isModel: boolean;
  /** The innermost place in a file of the user, if the model threw and was called from one. */
  readonly user: Place | null;
  /** Where it was thrown, if that can be told. */
  readonly thrown: Place | null;
  /** The same for the kernel's code: it threw, or called the machine, which threw. */
  readonly kernel: Place | null;
}

const ROOT = new URL("../../../", import.meta.url).href;
/** Folders of the project: what is in them is not the user's, unless the user named the file. */
const MACHINE = `${ROOT}src/machine/`;
const KERNEL = `${ROOT}src/kernel/`;
const MODEL = [KERNEL, `${ROOT}fuzz/`];
const OURS = [`${ROOT}src/`, `${ROOT}fuzz/`];

const named = new Set<string>();

/** Name the files that are the user's wherever they are: patches and a target, by URL. */
export function setUserFiles(urls: readonly string[]): void {
  named.clear();
  for (const url of urls) named.add(url);
}

/** Whether the user named any file. */
export function hasUserFiles(): boolean {
  return named.size > 0;
}

/** Whether a file is the user's. */
export function isUserFile(url: string): boolean {
  return named.has(url) || !OURS.some((folder) => url.startsWith(folder));
}

/** The frames of a CPU's turn. Below them is the tool, or a CPU on whose stack this one runs. */
function turnOf(stack: string): string[] {
  const lines = stack.split("\n");
  const end = lines.findIndex((line) => line.trimStart().startsWith("at takeTurn ("));
  return end < 0 ? lines : lines.slice(0, end);
}

/** The places on a stack, innermost first. Compiled wrappers and Deno itself have no place. */
function places(stack: string): Place[] {
  return turnOf(stack).flatMap((line) => {
    const [, url, at, column] =
      /((?:file|https?|npm|jsr|data|blob):\S+?):(\d+):(\d+)\)?$/.exec(line) ??
        [];
    return column === undefined || !line.trimStart().startsWith("at ")
      ? []
      : [{ url, line: Number(at), column: Number(column) }];
  });
}

/** Whose fault an exception is. */
export function blame(stack: string): Blame {
  const all = places(stack);
  const outside = all.filter(({ url }) => named.has(url) || !url.startsWith(MACHINE));
  const model = outside.findIndex(({ url }) =>
    !isUserFile(url) && !MODEL.some((folder) => url.startsWith(folder))
  );
  const inModel = model < 0 ? outside : outside.slice(0, model);
  return {
    isModel: inModel.length > 0,
    user: inModel.find(({ url }) => isUserFile(url)) ?? null,
    thrown: all[0] ?? null,
    kernel: outside[0]?.url.startsWith(KERNEL) ? outside[0] : null,
  };
}

/** `path:line:column` */
export function placeText({ url, line, column }: Place): string {
  const file = url.startsWith("file:") ? decodeURIComponent(new URL(url).pathname) : url;
  return `${file}:${line}:${column}`;
}
