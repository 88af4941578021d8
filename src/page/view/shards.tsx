/**
 * The shards of a campaign: which live, and what they do.
 *
 * @module
 */
import type { CampaignData, ShardState } from "../campaign.ts";

const or = (n: number | null) => n === null ? "" : n.toLocaleString("en");

function Row({ state }: { state: ShardState }) {
  const { deaths, execs, execsPerSec, features, phase, queue, rssMb, shard } = state;
  return (
    <tr data-shard={shard}>
      <th scope="row">{shard}</th>
      <td>{phase}</td>
      <td>{or(execs)}</td>
      <td>{or(execsPerSec)}</td>
      <td>{or(features)}</td>
      <td>{or(queue)}</td>
      <td>{or(rssMb)}</td>
      <td class={deaths > 0 ? "bad" : ""}>
        {deaths === 0 ? "none" : deaths === 1 ? "died once" : `died ${deaths} times`}
      </td>
    </tr>
  );
}

export function Shards({ data: { shards } }: { data: CampaignData }) {
  const heads = ["Shard", "Phase", "Executions", "Per s", "Features", "Queue", "MB", "Deaths"];
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Shards">
      <table class="list shards">
        <caption>Shards</caption>
        <thead>
          <tr>{heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr>
        </thead>
        <tbody>{shards.map((state) => <Row key={state.shard} state={state} />)}</tbody>
      </table>
    </div>
  );
}
