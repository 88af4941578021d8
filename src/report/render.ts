import type { ReportInput } from "./types.ts";
export function render(i: ReportInput): string {
  return i.finding.title + "\n" + i.finding.detail.join("\n") + "\n" + i.finding.at.stack.join(" > ") + "\n";
}
