/**
 * The state of a hub as text.
 *
 * @module
 */
import type { StatusResult } from "../hub/messages.ts";
import { count } from "./tally.ts";

/** A worker that was silent for longer is printed as such. */
const SILENT_MS = 10_000;

/** Columns that are as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows.map((row) =>
    `  ${row.map((cell, c) => cell.padEnd(widths[c])).join("  ")}`.trimEnd()
  );
}

function seconds(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

/** The lines that `hub status` prints. */
export function hubLines(s: StatusResult): string[] {
  const of = (state: string) => s.leases.filter((lease) => lease.state === state).length;
  const alive = s.workers.filter(({ heard }) => s.now - heard <= SILENT_MS);
  const rate = alive.reduce((sum, { stats }) => sum + stats.execs_per_sec, 0);
  const lines = [
    `Version ${s.version ?? "none yet"}, ${
      count(alive.length, "worker")
    } (${rate} executions/s), ` +
    `Redis holds ${(s.memoryBytes / 2 ** 20).toFixed(1)} MB${s.draining ? ", draining" : ""}`,
    `Leases: ${of("open")} open, ${of("taken")} taken, ${of("done")} done`,
  ];
  if (s.workers.length > 0) {
    const rows = s.workers.map(({ heard, name, stats }) => [
      name,
      s.now - heard <= SILENT_MS ? "alive" : `silent for ${seconds(s.now - heard)}`,
      String(stats.execs_per_sec),
      String(stats.execs),
      String(stats.features),
      String(stats.spool),
      s.leases.find((l) => l.state === "taken" && l.worker === name)?.id ?? "-",
    ]);
    const heading = [
      "Worker",
      "State",
      "Executions/s",
      "Executions",
      "Features",
      "To tell",
      "Lease",
    ];
    lines.push("", ...table([heading, ...rows]));
  }
  if (s.keys.length > 0) {
    const rows = s.keys.map((k) => [
      k.key,
      String(k.entries),
      String(k.features),
      String(k.findings),
      k.about,
    ]);
    lines.push("", ...table([["Key", "Inputs", "Features", "Findings", "What"], ...rows]));
  }
  if (s.causes.length > 0) {
    const rows = s.causes.map(({ cause, findings }) => [String(findings), cause]);
    lines.push("", ...table([["Findings", "Cause"], ...rows]));
  }
  return lines;
}
