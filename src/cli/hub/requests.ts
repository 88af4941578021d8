/**
 * What the hub process does for each request.
 *
 * @module
 */
import { entryArguments, findingArguments, parseEntry, parseFinding } from "./records.ts";
import { HubError, type Redis, type Reply } from "./redis.ts";
import type {
  BadRecord,
  BeatResult,
  HubRequest,
  LeaseWork,
  News,
  Place,
  StatusResult,
  TakeResult,
  Told,
  WorkerStats,
} from "./messages.ts";

/** Records that one answer brings, at most. */
const LIMIT = 200;
const NO_STATS: WorkerStats = { execs: 0, execs_per_sec: 0, features: 0, causes: 0, spool: 0 };

/** Parse the records that can be read; tell which cannot. */
function parsed<T>(records: readonly [string, string[]][], parse: (flat: string[]) => T) {
  const good: T[] = [];
  const bad: BadRecord[] = [];
  for (const [id, flat] of records) {
    try {
      good.push(parse(flat));
    } catch (e) {
      bad.push({ id, why: (e as Error).message });
    }
  }
  return { good, bad };
}

/** The answers of two `read()` of scripts.ts. */
function newsOf(entryReply: Reply, findingReply: Reply): News {
  const [entryPlace, entryCount, entryRecords] = entryReply;
  const [findingPlace, findingCount, findingRecords] = findingReply;
  const entries = parsed(entryRecords, parseEntry);
  const findings = parsed(findingRecords, parseFinding);
  return {
    entries: entries.good,
    findings: findings.good,
    bad: [...entries.bad, ...findings.bad],
    place: { entry: entryPlace, finding: findingPlace },
    more: entryCount === LIMIT || findingCount === LIMIT,
  };
}

/** A list of names and values by turns. */
function pairs(flat: readonly string[]): Map<string, string> {
  const map = new Map<string, string>();
  for (let i = 0; i < flat.length; i += 2) map.set(flat[i], flat[i + 1]);
  return map;
}

/** JSON that the hub holds, or what takes its place if it is none. */
function json<T>(text: string | undefined, fallback: T): T {
  try {
    const value = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? value : fallback;
  } catch {
    return fallback;
  }
}

function isWork(value: Partial<LeaseWork>): value is LeaseWork {
  return ["kernel", "preempt", "target", "seed"].every((k) =>
    typeof value[k as keyof LeaseWork] === "string"
  ) && Number.isSafeInteger(value.cpus) && Number.isSafeInteger(value.ms);
}

function takeResult([state, id, work, spent]: string[]): TakeResult {
  if (state !== "lease") return { state } as TakeResult;
  const parsed = json<Partial<LeaseWork>>(work, {});
  if (!isWork(parsed)) throw new HubError("error", `lease ${id} of the plan cannot be read`);
  return { state, lease: { ...parsed, id, spent: Number(spent) || 0 } };
}

function statusOf(reply: Reply, memory: string): StatusResult {
  const [now, version, draining, beats, stats, works, holders, spent, done, causes, keys] = reply;
  const statsOf = pairs(stats);
  const [holderOf, spentOf, isDone] = [pairs(holders), pairs(spent), new Set<string>(done)];
  return {
    now: Number(now),
    version: version === "" ? null : version,
    draining: draining === 1,
    workers: [...pairs(beats)].map(([name, heard]) => ({
      name,
      heard: Number(heard),
      stats: json(statsOf.get(name), NO_STATS),
    })),
    leases: [...pairs(works)].map(([id, work]) => ({
      id,
      work: json(work, {} as LeaseWork),
      state: isDone.has(id) ? "done" : holderOf.has(id) ? "taken" : "open",
      worker: holderOf.get(id) ?? null,
      spent: Number(spentOf.get(id) ?? 0),
    })),
    causes: [...pairs(causes)].map(([cause, n]) => ({ cause, findings: Number(n) })),
    keys: keys.map(([key, about, entries, findings, features]: Reply) => (
      { key, about, entries, findings, features }
    )),
    memoryBytes: Number(/used_memory:(\d+)/.exec(memory)?.[1] ?? 0),
  };
}

/** Refuse a worker of another version. */
async function open(redis: Redis, key: string, about: string): Promise<void> {
  const { name, version } = redis.setup;
  const theirs = await redis.script("open", [version, key, about]);
  if (theirs === version) return;
  throw new HubError(
    "refused",
    `hub "${name}" is for version ${theirs} and this is ${version}: ` +
      `check out the version of the hub here, or use a new name for the hub`,
  );
}

const places = ({ entry, finding }: Place) => [entry, finding];

async function beat(redis: Redis, r: HubRequest & { do: "beat" }): Promise<BeatResult> {
  const { key, lease, place, skipOwn, spent, stats, worker } = r;
  const [workers, lost, draining, entries, findings] = await redis.script("beat", [
    worker,
    key,
    JSON.stringify(stats),
    lease ?? "",
    Math.round(spent),
    ...places(place),
    skipOwn ? worker : "",
    LIMIT,
  ]);
  const news = newsOf(entries, findings);
  return { ...news, workers, lost: lost === 1, draining: draining === 1 };
}

/** Do one request. */
export async function doRequest(redis: Redis, r: HubRequest): Promise<unknown> {
  switch (r.do) {
    case "open":
      return await open(redis, r.key, r.about);
    case "beat":
      return await beat(redis, r);
    case "tell": {
      const words = r.entries.flatMap(entryArguments);
      return await redis.script("tell", [r.key, r.worker, ...words]) as Told[];
    }
    case "find":
      return await redis.script("find", [r.key, r.worker, ...findingArguments(r.finding)]);
    case "take":
      return takeResult(await redis.script("take", [r.worker]));
    case "finish":
      return await redis.script("finish", [r.worker, r.lease, JSON.stringify(r.stats)]);
    case "plan": {
      const words = r.works.flatMap((w) => [leaseId(w), JSON.stringify(w)]);
      return await redis.script("plan", words);
    }
    case "drain":
      await redis.command("SET", `${redis.prefix}drain`, "1");
      return null;
    case "status": {
      const memory = await redis.command("INFO", "memory");
      return statusOf(await redis.script("status", []), memory);
    }
    case "read":
      return newsOf(
        ...(await redis.script("news", [r.key, ...places(r.place), LIMIT]) as [Reply, Reply]),
      );
  }
}

/** The name of a lease: the same work has the same name, so that a plan can be given twice. */
function leaseId({ cpus, kernel, preempt, seed, target }: LeaseWork): string {
  return [target, kernel, preempt, `${cpus}cpus`, seed].join("/");
}
