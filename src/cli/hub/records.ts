/**
 * The records of the hub's streams: how they are written, and how they are read.
 *
 * A record is input like any other, and may come from anybody who can write to the Redis. Each is
 * checked for its fields, its sizes, its compression and its hash, and is never more than text.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { decodeFeatures, encodeFeatures } from "../protocol/feature_line.ts";
import { contentHash } from "../../prog/hash.ts";
import type { Entry, HubFinding } from "./messages.ts";

/** A larger input is none: see cpu0/exchange.ts. */
const TEXT_MAX = 1 << 18;
/** A finding in JSON, with its report. */
const FINDING_MAX = 1 << 20;

/**
 * Text that inputs have in common, most frequent last: entries become half as long with it. A part of
 * the format: whoever changes it changes the version.
 */
const DICTIONARY = Buffer.from(`objcg-fuzz 1
title: queue entry
target: percpu_ref
target: page_counter
expect posted: KASAN: slab-use-after-free in
refcount: WARNING: BUG:
preempt: none
preempt: rt
boot  attach(cpu0, root)
boot  m1 = mkdir(root)
boot  m2 = mkdir(m1)
boot  o1 = obj_cgroup_get_remote(m1)
boot  o1 = obj_cgroup_get_current(cpu0)
obj_cgroup_charge(o1, obj_cgroup_uncharge(o1, drain_all_stock(m1) rmdir(m1)
cpu0  obj_cgroup_put(o1)
cpu1  kmem_cache_alloc(o1, kmem_cache_free(
cpu2  o2 = obj_cgroup_get(o1)
cpus: 3

schedule:
cpus: 2
softirq hardirq nmi grace period callbacks kworker
switch cpu2 at irq until end
switch cpu1 at switch cpu0 at `);

/** Compressed text, in base64. */
export function pack(text: string): string {
  return deflateRawSync(text, { level: 9, dictionary: DICTIONARY }).toString("base64");
}

/** The text of {@linkcode pack}; throws an error if it is none, or longer than `max` bytes. */
export function unpack(packed: string, max: number): string {
  if (packed.length > max || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) {
    throw new Error("its text is no base64");
  }
  let bytes: Buffer;
  try {
    const options = { dictionary: DICTIONARY, maxOutputLength: max };
    bytes = inflateRawSync(Buffer.from(packed, "base64"), options);
  } catch {
    throw new Error("its text cannot be decompressed");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error("its text is no UTF-8");
  }
}

/** The arguments of the script `tell` for an entry. */
export function entryArguments({ hash, features, text }: Entry): string[] {
  return [hash, features.join(), encodeFeatures(features), pack(text)];
}

/** The fields of a record by name; throws an error if these are not `names`. */
function fieldsOf(flat: readonly string[], names: readonly string[]): Record<string, string> {
  const found: string[] = [];
  const fields: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) {
    found.push(flat[i]);
    fields[flat[i]] = flat[i + 1];
  }
  if (found.join() !== names.join()) {
    throw new Error(`its fields are ${found.join(", ").slice(0, 80)}, not ${names.join(", ")}`);
  }
  return fields;
}

/** The name of a worker. */
function workerOf(text: string): string {
  if (!/^[\w+-][\w.+-]{0,99}$/.test(text)) throw new Error("it has no worker's name");
  return text;
}

export function parseEntry(flat: readonly string[]): Entry & { readonly worker: string } {
  const { h, w, f, t } = fieldsOf(flat, ["h", "w", "f", "t"]);
  const worker = workerOf(w);
  const features = decodeFeatures(f);
  if (features === null || features.length === 0) throw new Error("it has no features");
  const text = unpack(t, TEXT_MAX);
  if (contentHash(text) !== h) throw new Error("its hash is not that of its text");
  return { hash: h, worker, features, text };
}

/** The arguments of the script `find` for a finding: its file, the rest, its cause. */
export function findingArguments({ file, ...rest }: HubFinding): string[] {
  return [file, pack(JSON.stringify(rest)), rest.cause];
}

/** The name of a file of a finding, which names nothing elsewhere. */
const FILE = /^[a-z0-9-]{1,80}-[0-9a-f]{8}\.txt$/;

function text(value: unknown, name: string): string {
  if (typeof value !== "string") throw new Error(`it has no ${name}`);
  return value;
}

export function parseFinding(flat: readonly string[]): HubFinding & { readonly worker: string } {
  const { w, n, d } = fieldsOf(flat, ["w", "n", "d"]);
  const worker = workerOf(w);
  if (!FILE.test(n)) throw new Error("its file has no name of a finding");
  let value: unknown;
  try {
    value = JSON.parse(unpack(d, FINDING_MAX));
  } catch (e) {
    throw e instanceof SyntaxError ? new Error("it is no JSON") : e;
  }
  if (typeof value !== "object" || value === null) throw new Error("it is no object");
  const { cause, known, report, text: input, title } = value as Record<string, unknown>;
  return {
    file: n,
    worker,
    title: text(title, "title"),
    cause: text(cause, "cause"),
    known: known === null ? null : text(known, "known bug"),
    text: text(input, "text"),
    report: text(report, "report"),
  };
}
