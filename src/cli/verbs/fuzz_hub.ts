/**
 * `fuzz`: one campaign, or with `--hub` what a hub has to do.
 *
 * @module
 */
import type { Lease } from "../hub/messages.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import type { FlagName } from "../flags/flags.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import type { Context } from "../parent/context.ts";
import { hubProcess } from "../parent/hub_connect.ts";
import { hubKey } from "../parent/hub_key.ts";
import { HubMirror } from "../parent/hub_mirror.ts";
import { causesOf } from "../../page/causes.ts";
import { makeWritable } from "../parent/paths.ts";
import type { FuzzJob } from "../protocol/jobs.ts";
import type { TargetSpec } from "../../prog/types.ts";
import { type Worker, workOff } from "../parent/hub_leases.ts";
import { runCampaign, type Watcher } from "./fuzz.ts";

/** The local folder of workers, if none is named. */
const DEFAULT_DIR = "corpus/hub";

/** The flags that a lease decides about: with any of them, a worker takes none. */
const OF_LEASE: readonly FlagName[] = [
  "kernel",
  "preempt",
  "target",
  "cpus",
  "seed",
  "for",
  "patch",
  "fixed",
  "linux",
];

/** Flags that name other places for what a worker keeps. */
const OTHER_PLACES: readonly FlagName[] = ["corpus", "artifacts"];

function expectFlags({ values, given }: Request): void {
  if (values.hub === undefined) {
    if (values["hub-login"] === undefined) return;
    throw new UsageError("Cannot use --hub-login: it is the login of --hub");
  }
  const other = OTHER_PLACES.find((flag) => given.has(flag));
  if (other !== undefined) {
    throw new UsageError(
      `Cannot use --${other} with --hub: a worker keeps its files below --sync DIR`,
    );
  }
  if (values.machine === "free") {
    throw new UsageError("Cannot use --hub with --machine free, which keeps no inputs");
  }
}

/** A name that no other worker has. */
function randomName(): string {
  return `worker-${crypto.randomUUID().slice(0, 8)}`;
}

/** A worker of a hub. */
interface LocalWorker extends Worker {
  /** The folder of its campaigns, one for each key. */
  readonly dir: string;
}

/** A watcher that exchanges what a campaign finds with the hub; `other` watches as well. */
export function exchanging(
  { dir, name, process }: LocalWorker,
  lease: Lease | null,
  { output }: Context,
  other: Watcher | null,
): Watcher {
  let mirror: HubMirror;
  let stop = () => {};
  let stats = () => ({ execs: 0, execs_per_sec: 0, features: 0, causes: 0 });
  const began = performance.now();
  return {
    async place(job: FuzzJob, spec: TargetSpec) {
      const key = hubKey(job);
      const folder = `${dir}/${key.key}`;
      makeWritable([`${folder}/own`, `${folder}/hub`]);
      mirror = new HubMirror({
        process,
        output,
        files: atomicFiles,
        dir: folder,
        worker: name,
        key,
        spec,
        lease: lease?.id ?? null,
        stats: () => stats(),
        spent: () => (lease?.spent ?? 0) + performance.now() - began,
        onLost() {
          output.note(`Lease ${lease?.id}: the hub gave it to another worker; this one stops`);
          stop();
        },
      });
      await mirror.start();
      return {
        sync: { dir: folder, name: "own", features: true },
        saved: [...mirror.titles],
      };
    },
    begin(record, end, job) {
      stop = end;
      stats = () => {
        const { execs, execsPerSec, features, findings } = record.data;
        return {
          execs,
          execs_per_sec: Math.round(execsPerSec ?? 0),
          features,
          causes: causesOf(findings).length,
        };
      };
      other?.begin(record, end, job);
    },
    heard(event) {
      if (event.event === "crash") mirror.heard(event);
    },
    async settle(isPatient) {
      await other?.settle?.(isPatient);
    },
    async end() {
      await mirror.stop();
      await other?.end();
    },
  };
}

/** Run a campaign, or what a hub has to do, and let somebody watch. */
export async function fuzzWatched(
  request: Request,
  context: Context,
  other: Watcher | null,
): Promise<number> {
  expectFlags(request);
  const { hub, name, sync } = request.values;
  if (hub === undefined) return await runCampaign(request, context, other);
  const process = await hubProcess(hub, request);
  const dir = `${(sync ?? DEFAULT_DIR).replace(/\/+$/, "")}/${hub.name}/${name ?? randomName()}`;
  const worker: LocalWorker = { process, name: dir.slice(dir.lastIndexOf("/") + 1), dir };
  try {
    if (OF_LEASE.some((flag) => request.given.has(flag))) {
      return await runCampaign(request, context, exchanging(worker, null, context, other));
    }
    return await workOff(
      worker,
      request,
      context,
      (r, lease) => runCampaign(r, context, exchanging(worker, lease, context, other)),
    );
  } finally {
    await process.close();
  }
}

/** Run the verb. */
export function fuzz(request: Request, context: Context): Promise<number> {
  return fuzzWatched(request, context, null);
}
