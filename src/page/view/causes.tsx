/**
 * What a campaign found.
 *
 * @module
 */
import type { CampaignData, Cause } from "../campaign.ts";

const count = (n: number, noun: string) =>
  `${n} ${noun}${n === 1 ? "" : noun.endsWith("ch") ? "es" : "s"}`;

function Row({ cause }: { cause: Cause }) {
  const { command, cpus, execsToFind, known, ops, page, switches, title } = cause;
  return (
    <tr data-cause={title}>
      <th scope="row">{page === null ? title : <a href={page}>{title}</a>}</th>
      <td>{known ?? "new"}</td>
      <td>{execsToFind.toLocaleString("en")}</td>
      <td>{count(cpus, "CPU")}, {count(ops, "operation")}, {count(switches, "switch")}</td>
      <td>
        <code>{command}</code>
      </td>
    </tr>
  );
}

export function Causes({ data: { causes, hangs } }: { data: CampaignData }) {
  if (causes.length + hangs.length === 0) return <p class="causes">Nothing found.</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Causes">
      <table class="list causes">
        <caption>Causes, in the order in which they were found</caption>
        <thead>
          <tr>
            <th scope="col">Title</th>
            <th scope="col">Bug</th>
            <th scope="col">Executions</th>
            <th scope="col">Size</th>
            <th scope="col">See it again</th>
          </tr>
        </thead>
        <tbody>
          {causes.map((cause) => <Row key={cause.file} cause={cause} />)}
          {hangs.map(({ file, title }) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              <td>hang</td>
              <td />
              <td />
              <td>
                <code>{file ?? "not saved"}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
