/**
 * `minimize`: find a smaller input that reports the same title.
 *
 * @module
 */
import {
  commonJob,
  type Context,
  coresFor,
  DEFAULT_KERNEL,
  namesOf,
  oneArgument,
} from "../parent/context.ts";
import { EXIT } from "../protocol/exit_code.ts";
import { loadInputs, patchesOf } from "../parent/inputs.ts";
import { shellWord } from "../protocol/shell_word.ts";
import { surroundingsOf } from "../parent/surroundings.ts";
import type { MinimizedEvent, MinimizeJob } from "../protocol/jobs.ts";
import type { Request } from "../flags/parse_flags.ts";
import { kcsanOf } from "../../prog/kcsan.ts";
import { dirname } from "../files/atomic_files.ts";
import { absolutePath, expectPassable } from "../parent/paths.ts";
import { checkInputs } from "../parent/type_check.ts";
import { Supervisor } from "../parent/supervisor.ts";
import { sizes } from "../parent/tally.ts";
import { UsageError } from "../flags/usage.ts";
import { reason } from "../files/system_error.ts";

/** Where the result goes by default. */
function defaultOut(path: string): string {
  return `${path.replace(/\.txt$/, "")}.min.txt`;
}

function checkOut(out: string, input: string): void {
  if (absolutePath(out) === absolutePath(input)) {
    throw new UsageError(`Cannot write "${out}": it is the input; name another file with --out`);
  }
  expectPassable(dirname(out));
  try {
    // The writer renames a temporary file, so the directory must be writable.
    Deno.removeSync(Deno.makeTempFileSync({ dir: dirname(out), prefix: ".writable-" }));
    if (isDirectory(out)) throw new Error("it is a directory");
  } catch (e) {
    throw new UsageError(`Cannot write "${out}": ${reason(e)}`);
  }
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** Run the verb. */
export async function minimize(request: Request, context: Context): Promise<number> {
  const { output, known } = context;
  const { values } = request;
  const path = oneArgument(request, "file");
  if (isDirectory(path)) throw new UsageError(`Cannot minimize "${path}": it is a directory`);
  const [input] = await loadInputs([path], values.target, namesOf(known));
  const out = values.out ?? defaultOut(path);
  checkOut(out, path);
  const expecting = input.program.expects
    .find(({ title }) => title !== null);
  const kernel = values.kernel ?? expecting?.kernel ?? DEFAULT_KERNEL;
  const { program } = input;
  const patches = values.patch === undefined ? patchesOf([input]) : new Map();
  await checkInputs([input], patches, request, output);
  const common = commonJob(request, known, kernel, {
    kcsan: kcsanOf(program, kernel),
    patches: patches.get(input),
    program,
  });
  const job: MinimizeJob = {
    verb: "minimize",
    kernel,
    ...common,
    surroundings: surroundingsOf(common, input.target, request, out),
    target: input.target.name,
    targetUrl: input.target.url,
    cpus: input.program.cpus,
    preempt: input.program.preempt,
    path,
    text: input.text,
    out,
  };
  let minimized: MinimizedEvent | null = null;
  const supervisor = new Supervisor([{ job, writable: [dirname(out)] }], {
    parallel: 1,
    cores: coresFor(output),
    output,
    script: context.script,
    onEvent(event) {
      if (event.event === "minimized") {
        minimized = event;
        tell(event, context);
      } else if (event.event === "hang") output.line(`HANG   ${event.title}`);
    },
  });
  const result = await supervisor.supervise();
  if (result.failure !== null) return result.failure;
  if (result.interrupted) return EXIT.interrupted;
  if (result.hung) return EXIT.hang;
  if (minimized !== null) return EXIT.ok;
  output.error(`error: Cannot minimize "${path}": the shard reported nothing`);
  return EXIT.internal;
}

function tell(e: MinimizedEvent, { output }: Context): void {
  const { event, file, title, ops, switches, cpus } = e;
  output.event({ event, file, title, ops, switches, cpus } as { event: string });
  output.line(`${title}: ${sizes(cpus, ops, switches)}`);
  output.line(`Written to ${file}`);
  output.line(`Replay with: deno task replay ${shellWord(file)}`);
}
