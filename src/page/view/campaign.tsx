/**
 * The program of a campaign's page.
 *
 * @module
 */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { CampaignData, CampaignPage } from "../campaign_data.ts";
import { Causes } from "./causes.tsx";
import { CoverageView } from "./coverage.tsx";
import { inflated } from "./inflate.ts";
import { Matrix } from "./matrix.tsx";
import { Plot } from "./plot.tsx";
import { sharesOf } from "../shares.ts";
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

/** A campaign with one strategy has no shares. */
const MANY = 2;

function Plots({ samples }: Pick<CampaignData, "samples">) {
  const execs = samples.map((s) => s.execs);
  const timed = samples.filter(({ seconds }) => seconds !== null);
  const shares = sharesOf(samples);
  const line = (name: string, y: readonly number[]) => [{ name, y }];
  return (
    <div class="plots">
      <Plot
        title="Coverage: features"
        of="executions"
        x={execs}
        series={line("features", samples.map(({ features }) => features))}
      />
      <Plot
        title="Queue: inputs"
        of="executions"
        x={execs}
        series={line("inputs", samples.map(({ queue }) => queue))}
      />
      {timed.length > 0 && (
        <Plot
          title="Speed: executions/s"
          of="seconds"
          x={timed.map(({ seconds }) => seconds!)}
          series={line("executions/s", timed.map(({ execsPerSec }) => execsPerSec ?? 0))}
        />
      )}
      {shares.percent.size >= MANY && (
        <Plot
          title="Strategies: percent of the schedules"
          of="executions"
          x={shares.execs}
          series={[...shares.percent].map(([name, y]) => ({ name, y }))}
          isLog
        />
      )}
    </div>
  );
}

function Campaign({ data }: { data: CampaignData }) {
  const { kernel, samples, seed, target } = data;
  return (
    <section class="campaign" data-seed={seed}>
      <h2>{target} on {kernel}, seed {seed}</h2>
      <Facts data={data} />
      <Causes data={data} />
      <Plots samples={samples} />
      <Shards data={data} />
      {data.coverage !== null && <CoverageView coverage={data.coverage} />}
    </section>
  );
}

interface News {
  readonly news: CampaignData | null;
  /** Comes by itself, because it is large. */
  readonly coverage: CampaignData["coverage"];
  readonly lost: boolean;
}

/** News of the server; null until there are some. */
function useNews(live: boolean): News {
  const [coverage, setCoverage] = useState<CampaignData["coverage"]>(null);
  const [news, setNews] = useState<CampaignData | null>(null);
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (!live) return;
    const source = new EventSource("events");
    source.addEventListener("coverage", ({ data }) => setCoverage(JSON.parse(data)));
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
  return { coverage, news, lost };
}

function Page({ page }: { page: CampaignPage }) {
  const { coverage, lost, news } = useNews(page.live);
  const known = coverage ?? page.campaigns[0]?.coverage ?? null;
  const campaigns = news === null ? page.campaigns : [{ ...news, coverage: known }];
  return (
    <>
      {lost && !news?.isOver && <p class="key" role="status">The campaign does not answer.</p>}
      {campaigns.map((data) => <Campaign key={data.seed + data.kernel} data={data} />)}
      <Matrix cells={page.matrix} />
    </>
  );
}

render(<Page page={await inflated<CampaignPage>()} />, document.getElementById("app")!);
