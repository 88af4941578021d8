/**
 * The messages between a worker's parent process and its hub process.
 *
 * The parent writes one line of JSON, the {@linkcode HubAddress} with the login, and then a line per
 * {@linkcode HubRequest}. The hub process answers each with one {@linkcode HubAnswer}, in order.
 *
 * @module
 */

/** Where a hub is, and how to log in. */
export interface HubAddress {
  readonly host: string;
  readonly port: number;
  /** The name of the hub: one Redis can hold several. */
  readonly name: string;
}

/** How to log in. Comes from a file or from standard input. */
export interface Login {
  readonly user?: string;
  readonly password?: string;
  readonly tls: boolean;
  /** Certificates to trust instead of the system's, as PEM. */
  readonly ca?: string;
}

/** The first line. */
export interface HubSetup extends HubAddress {
  readonly login: Login;
  /** The version of this worker: see parent/model_version.ts. */
  readonly version: string;
}

/** A queue entry on its way. */
export interface Entry {
  /** The content hash of the text. */
  readonly hash: string;
  readonly features: readonly number[];
  readonly text: string;
}

/** A finding on its way. */
export interface HubFinding {
  /** The name of its file: title and hash. */
  readonly file: string;
  readonly title: string;
  /** What it follows from. */
  readonly cause: string;
  /** The input of the corpus that shows the same bug; null if the bug is new. */
  readonly known: string | null;
  readonly text: string;
  readonly report: string;
}

/** What a worker tells about itself. */
export interface WorkerStats {
  readonly execs: number;
  readonly execs_per_sec: number;
  readonly features: number;
  readonly causes: number;
  /** What it has to tell. */
  readonly spool: number;
}

/** One piece of the plan. */
export interface LeaseWork {
  readonly kernel: string;
  readonly preempt: string;
  readonly target: string;
  readonly cpus: number;
  readonly seed: string;
  readonly ms: number;
}

/** A piece that a worker has taken. */
export interface Lease extends LeaseWork {
  readonly id: string;
  /** Milliseconds that workers before have spent on it. */
  readonly spent: number;
}

/** Where a worker is in the streams of its key. */
export interface Place {
  readonly entry: string;
  readonly finding: string;
}

export type HubRequest =
  | { readonly do: "open"; readonly key: string; readonly about: string }
  | {
    readonly do: "beat";
    readonly worker: string;
    readonly key: string;
    readonly stats: WorkerStats;
    readonly lease: string | null;
    readonly spent: number;
    readonly place: Place;
    /** Whether what this worker told itself is left out. */
    readonly skipOwn: boolean;
  }
  | {
    readonly do: "tell";
    readonly worker: string;
    readonly key: string;
    readonly entries: readonly Entry[];
  }
  | {
    readonly do: "find";
    readonly worker: string;
    readonly key: string;
    readonly finding: HubFinding;
  }
  | { readonly do: "take"; readonly worker: string }
  | {
    readonly do: "finish";
    readonly worker: string;
    readonly lease: string;
    readonly stats: WorkerStats;
  }
  | { readonly do: "plan"; readonly works: readonly LeaseWork[] }
  | { readonly do: "drain" }
  | { readonly do: "status" }
  | { readonly do: "read"; readonly key: string; readonly place: Place };

/** A record of a stream that could not be read: where it is, and why. */
export interface BadRecord {
  readonly id: string;
  readonly why: string;
}

/** The next records of the streams of a key. */
export interface News {
  readonly entries: readonly (Entry & { readonly worker: string })[];
  readonly findings: readonly (HubFinding & { readonly worker: string })[];
  readonly bad: readonly BadRecord[];
  readonly place: Place;
  /** Whether there may be more. */
  readonly more: boolean;
}

export interface BeatResult extends News {
  /** Workers that were heard in the last seconds. */
  readonly workers: number;
  /** Whether the lease went to another worker. */
  readonly lost: boolean;
  readonly draining: boolean;
}

/** What becomes of an entry: it is saved, was there, or adds no coverage to what is there. */
export type Told = "saved" | "had" | "adds nothing";

export type TakeResult =
  | { readonly state: "lease"; readonly lease: Lease }
  /** All is leased: a lease may come back. */
  | { readonly state: "wait" }
  | { readonly state: "done" }
  | { readonly state: "draining" }
  | { readonly state: "no plan" };

export interface StatusResult {
  readonly now: number;
  readonly version: string | null;
  readonly draining: boolean;
  readonly workers: readonly { name: string; heard: number; stats: WorkerStats }[];
  readonly leases: readonly {
    id: string;
    work: LeaseWork;
    state: "open" | "taken" | "done";
    worker: string | null;
    spent: number;
  }[];
  readonly causes: readonly { cause: string; findings: number }[];
  readonly keys: readonly {
    key: string;
    about: string;
    entries: number;
    findings: number;
    features: number;
  }[];
  readonly memoryBytes: number;
}

/**
 * Why a request failed. `away`: the hub cannot be reached; `refused`: it does not let this worker in;
 * `full`: its memory is; `error`: anything else.
 */
export type Trouble = "away" | "refused" | "full" | "error";

export type HubAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly trouble: Trouble; readonly message: string };
