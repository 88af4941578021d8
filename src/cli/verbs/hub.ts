/**
 * `hub`: what people do with a hub, besides working for it.
 *
 * @module
 */
import type { HubRequest, News, Place, StatusResult } from "../hub/messages.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { isSystemError, reason } from "../files/system_error.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import { type Context, oneArgument } from "../parent/context.ts";
import { hubProcess } from "../parent/hub_connect.ts";
import { parsePlan, PlanErrors } from "../parent/hub_plan.ts";
import { hostPort, type HubProcess, HubTrouble } from "../parent/hub_process.ts";
import { hubLines } from "../parent/hub_table.ts";
import { InputErrors } from "../parent/inputs.ts";
import { makeWritable } from "../parent/paths.ts";
import { count } from "../parent/tally.ts";
import { EXIT } from "../protocol/exit_code.ts";

/** Leases that one message brings to the hub. */
const LEASES_AT_ONCE = 500;

/** A hub to ask; what fails is an error of the user. */
class Asked {
  constructor(readonly process: HubProcess) {}

  async ask<T>(request: HubRequest): Promise<T> {
    try {
      return await this.process.ask<T>(request);
    } catch (e) {
      if (!(e instanceof HubTrouble)) throw e;
      const { setup } = this.process;
      throw new UsageError(`Cannot use redis://${hostPort(setup)}/${setup.name}: ${e.message}`);
    }
  }
}

/** Do something with the hub that the flags name. */
async function withHub(request: Request, act: (hub: Asked) => Promise<void>): Promise<number> {
  const { hub } = request.values;
  if (hub === undefined) {
    throw new UsageError(`Cannot ${request.verb}: expected --hub redis://HOST:PORT/NAME`);
  }
  const process = await hubProcess(hub, request);
  try {
    await act(new Asked(process));
    return EXIT.ok;
  } finally {
    await process.close();
  }
}

function readPlan(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (e) {
    if (!isSystemError(e)) throw e;
    throw new UsageError(`Cannot read "${path}": ${reason(e)}`);
  }
}

/** `hub plan FILE`. */
export async function hubPlan(request: Request, { known, output }: Context): Promise<number> {
  const path = oneArgument(request, "file");
  const text = readPlan(path);
  await known.series.loadFor([text]);
  let works: ReturnType<typeof parsePlan>;
  try {
    works = parsePlan(text, path, known);
  } catch (e) {
    throw e instanceof PlanErrors ? new InputErrors([...e.lines]) : e;
  }
  return await withHub(request, async (hub) => {
    await hub.ask({ do: "open", key: "", about: "" });
    let added = 0;
    for (let i = 0; i < works.length; i += LEASES_AT_ONCE) {
      added += await hub.ask<number>({ do: "plan", works: works.slice(i, i + LEASES_AT_ONCE) });
    }
    const total = works.reduce((sum, { ms }) => sum + ms, 0) / 3_600_000;
    output.event({ event: "plan", leases: works.length, added } as { event: string });
    output.line(
      `The plan has ${count(works.length, "lease")}, ${total.toFixed(1)} hours of a worker; ` +
        `${added} of them are new`,
    );
  });
}

function expectNothing({ rest, verb }: Request): void {
  if (rest.length > 0) throw new UsageError(`Unexpected argument "${rest[0]}": ${verb} takes none`);
}

/** `hub status`. */
export function hubStatus(request: Request, { output }: Context): Promise<number> {
  expectNothing(request);
  return withHub(request, async (hub) => {
    const status = await hub.ask<StatusResult>({ do: "status" });
    output.event({ event: "hub_status", ...status } as { event: string });
    for (const line of hubLines(status)) output.line(line);
  });
}

/** `hub drain`. */
export function hubDrain(request: Request, { output }: Context): Promise<number> {
  expectNothing(request);
  return withHub(request, async (hub) => {
    await hub.ask({ do: "drain" });
    output.line('No lease is given any more; "deno task hub plan FILE" opens the hub again');
  });
}

/** Write what is under a key; returns the numbers of inputs and findings. */
async function exportKey(hub: Asked, key: string, dir: string, { output }: Context) {
  let place: Place = { entry: "0-0", finding: "0-0" };
  let [inputs, findings] = [0, 0];
  for (let more = true; more;) {
    const news: News = await hub.ask({ do: "read", key, place });
    for (const { hash, text } of news.entries) {
      atomicFiles.write(`${dir}/queue/${hash}.txt`, text, false);
    }
    for (const { file, report, text } of news.findings) {
      atomicFiles.write(`${dir}/crashes/${file}`, text);
      atomicFiles.write(`${dir}/crashes/${file.replace(/\.txt$/, ".report")}`, report);
    }
    for (const { id, why } of news.bad) {
      output.event({ event: "unreadable", path: `${key} ${id}`, reason: why } as { event: string });
      output.error(`Cannot use record ${id} of ${key}: ${why}; it is left out`);
    }
    inputs += news.entries.length;
    findings += news.findings.length;
    ({ more, place } = news);
  }
  return { inputs, findings };
}

/** `hub export DIR`. */
export function hubExport(request: Request, context: Context): Promise<number> {
  const dir = oneArgument(request, "folder").replace(/\/+$/, "");
  const { output } = context;
  return withHub(request, async (hub) => {
    const status = await hub.ask<StatusResult>({ do: "status" });
    makeWritable([dir]);
    let [inputs, findings] = [0, 0];
    for (const { key } of status.keys) {
      const n = await exportKey(hub, key, `${dir}/${key}`, context);
      inputs += n.inputs;
      findings += n.findings;
    }
    atomicFiles.write(`${dir}/status.json`, JSON.stringify(status, null, 2) + "\n");
    atomicFiles.write(`${dir}/report.txt`, hubLines(status).join("\n") + "\n");
    output.event({ event: "export", dir, inputs, findings } as { event: string });
    output.line(
      `Wrote ${dir}: ${count(inputs, "input")} and ${count(findings, "finding")} of ` +
        `${count(status.keys.length, "key")}; the state of the hub is in ${dir}/report.txt`,
    );
  });
}
