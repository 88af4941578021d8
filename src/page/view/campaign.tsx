/**
 * The program of a campaign's page.
 *
 * @module
 */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { CampaignData, CampaignPage } from "../campaign.ts";
import { Causes } from "./causes.tsx";
import { inflated } from "./inflate.ts";
import { Matrix } from "./matrix.tsx";
import { Plot } from "./plot.tsx";
import { Shards } from "./shards.tsx";

const number = (n: number) => n.toLocaleString("en");

function Facts({ data }: { data: CampaignData }) {
  const { cpus, environment, execs, execsPerSec, features, isOver, machine } = data;
  const { points, preempt, strategy, switches } = data;
  const facts: [string, string][] = [
    ["State", isOver ? "over" : "running"],
    ["Executions", number(execs)],
    ...execsPerSec === null ? [] : [["Executions/s", number(execsPerSec)] as [string, string]],
    ["Features", number(features)],
    ["Points", number(points)],
    ["Switches", number(switches)],
    ["CPUs", `${cpus}, preempt ${preempt}`],
    ["Strategy", strategy],
    ["Machine", machine],
    ...Object.entries(environment),
  ];
  const flags = Object.entries(data.flags).map(([name, value]) =>
    value === true ? `--${name}` : `--${name} ${value}`
  );
  return (
    <>
      <dl class="facts">
        {facts.map(([name, value]) => [
          <dt key={`${name} name`}>{name}</dt>,
          <dd key={name} data-fact={name}>{value}</dd>,
        ])}
      </dl>
      <details>
        <summary>Flags</summary>
        <code>{flags.join(" ")}</code>
      </details>
    </>
  );
}

function Campaign({ data }: { data: CampaignData }) {
  const { kernel, samples, seed, target } = data;
  const timed = samples.filter(({ seconds }) => seconds !== null);
  return (
    <section class="campaign" data-seed={seed}>
      <h2>{target} on {kernel}, seed {seed}</h2>
      <Facts data={data} />
      <Causes data={data} />
      <div class="plots">
        <Plot
          title="Features over executions"
          x={samples.map(({ execs }) => execs)}
          y={samples.map(({ features }) => features)}
        />
        <Plot
          title="Queue over executions"
          x={samples.map(({ execs }) => execs)}
          y={samples.map(({ queue }) => queue)}
        />
        {timed.length > 0 && (
          <Plot
            title="Executions/s over seconds"
            x={timed.map(({ seconds }) => seconds!)}
            y={timed.map(({ execsPerSec }) => execsPerSec ?? 0)}
          />
        )}
      </div>
      <Shards data={data} />
    </section>
  );
}

/** News of the server; null until there are some. */
function useNews(live: boolean): { news: CampaignData | null; lost: boolean } {
  const [news, setNews] = useState<CampaignData | null>(null);
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (!live) return;
    const source = new EventSource("events");
    source.onmessage = ({ data }) => {
      const campaign: CampaignData = JSON.parse(data);
      setNews(campaign);
      // After its end a campaign has no news.
      if (campaign.isOver) source.close();
    };
    source.onerror = () => setLost(true);
    source.onopen = () => setLost(false);
    return () => source.close();
  }, [live]);
  return { news, lost };
}

function Page({ page }: { page: CampaignPage }) {
  const { lost, news } = useNews(page.live);
  const campaigns = news === null ? page.campaigns : [news];
  return (
    <>
      {lost && !news?.isOver && <p class="key" role="status">The campaign does not answer.</p>}
      {campaigns.map((data) => <Campaign key={data.seed + data.kernel} data={data} />)}
      <Matrix cells={page.matrix} />
    </>
  );
}

render(<Page page={await inflated<CampaignPage>()} />, document.getElementById("app")!);
