/**
 * The shards of a campaign: which live, and what they do.
 *
 * @module
 */
import type { CampaignData, ShardDeath, ShardState } from "../campaign_data.ts";

const or = (n: number | null, digits = 0) =>
  n === null ? "" : n.toLocaleString("en", { minimumFractionDigits: digits });

/** `SIGKILL after 12,000 executions` */
function deathText({ execs, of }: ShardDeath): string {
  return `${of} after ${execs.toLocaleString("en")} executions`;
}

function Row({ state }: { state: ShardState }) {
  const { cpuShare, deaths, execs, execsPerSec, features, phase, queue, rssMb, shard } = state;
  return (
    <tr data-shard={shard} data-execs={execs}>
      <th scope="row">{shard}</th>
      <td>{phase}</td>
      <td class="number">{or(execs)}</td>
      <td class="number">{or(execsPerSec)}</td>
      <td class="number">{or(features)}</td>
      <td class="number">{or(queue)}</td>
      <td class="number">{or(cpuShare, 2)}</td>
      <td class="number">{or(rssMb)}</td>
      <td class={deaths.length > 0 ? "bad deaths" : "deaths"}>
        {deaths.length === 0 ? "none" : deaths.map(deathText).join("; ")}
      </td>
    </tr>
  );
}

const HEADS = ["Executions", "Per s", "Features", "Queue", "CPUs used", "MB"];

export function Shards({ data: { shards } }: { data: CampaignData }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Shards">
      <table class="list shards">
        <caption>Shards: processes that run executions</caption>
        <thead>
          <tr>
            <th scope="col">Shard</th>
            <th scope="col">Phase</th>
            {HEADS.map((head) => <th key={head} scope="col" class="number">{head}</th>)}
            <th scope="col">Deaths</th>
          </tr>
        </thead>
        <tbody>{shards.map((state) => <Row key={state.shard} state={state} />)}</tbody>
      </table>
    </div>
  );
}
