/**
 * What a campaign found, by cause.
 *
 * @module
 */
import type { CampaignData, CampaignFinding } from "../campaign_data.ts";
import { type Cause, causesOf } from "../causes.ts";

const count = (n: number, noun: string) =>
  `${n} ${noun}${n === 1 ? "" : noun.endsWith("ch") ? "es" : "s"}`;

/** `s02-css-get-dead-memcg`, `new`, or both. */
function bugs({ isNew, known }: Cause): string {
  return [...isNew ? ["new"] : [], ...known].join(", ");
}

function FindingRow({ finding }: { finding: CampaignFinding }) {
  const { command, cpus, execsToFind, ops, page, switches, title } = finding;
  return (
    <tr class="symptom" data-finding={title}>
      <th scope="row">{page === null ? title : <a href={page}>{title}</a>}</th>
      <td>{execsToFind.toLocaleString("en")}</td>
      <td>{count(cpus, "CPU")}, {count(ops, "operation")}, {count(switches, "switch")}</td>
      <td>
        <code>{command}</code>
      </td>
    </tr>
  );
}

function CauseRows({ cause }: { cause: Cause }) {
  return (
    <tbody>
      <tr class="cause" data-cause={cause.title} data-execs={cause.execs}>
        <th scope="rowgroup">{cause.title}</th>
        <td>{cause.execs.toLocaleString("en")}</td>
        <td>{bugs(cause)}</td>
        <td>shows as {count(cause.findings.length, "finding")}:</td>
      </tr>
      {cause.findings.map((finding) => <FindingRow key={finding.file} finding={finding} />)}
    </tbody>
  );
}

function Hangs({ hangs }: Pick<CampaignData, "hangs">) {
  return (
    <tbody>
      {hangs.map(({ file, title }) => (
        <tr class="cause" key={title}>
          <th scope="row">{title}</th>
          <td />
          <td>hang</td>
          <td>
            <code>{file ?? "not saved"}</code>
          </td>
        </tr>
      ))}
    </tbody>
  );
}

export function Causes({ data: { findings, hangs } }: { data: CampaignData }) {
  if (findings.length + hangs.length === 0) return <p class="causes">Nothing found.</p>;
  const causes = causesOf(findings);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Causes">
      <table class="list causes">
        <caption>
          {count(causes.length, "cause")}: the laws that are broken first, and what they show as
        </caption>
        <thead>
          <tr>
            <th scope="col">Cause, and its findings</th>
            <th scope="col">Executions</th>
            <th scope="col">Bug, or size of the input</th>
            <th scope="col">See it again</th>
          </tr>
        </thead>
        {causes.map((cause) => <CauseRows key={cause.title} cause={cause} />)}
        {hangs.length > 0 && <Hangs hangs={hangs} />}
      </table>
    </div>
  );
}
