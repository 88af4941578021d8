/**
 * What being watched costs a campaign: `deno task watching 10 20s` runs `fuzz` and `watch` by turns, ten
 * times each for 20 seconds, with the same seeds. A client reads the stream of the page.
 */
import { interval, parseStatistics } from "./watch_statistics.ts";

const [rounds = "10", time = "20s", ...flags] = Deno.args;
const decoder = new TextDecoder();

/**
 * Read the stream of a page until the campaign ends; returns the bytes of it. Only the task `watch` may use
 * the network, so another program does it.
 */
async function read(url: string): Promise<number> {
  const args = ["--silent", "--no-buffer", `${url}events`];
  const { stdout } = await new Deno.Command("curl", { args, stdin: "null" }).output();
  return stdout.length;
}

/** One campaign: executions per second, and the bytes that the client of its page read. */
async function campaign(verb: "fuzz" | "watch", seed: number) {
  const watched = verb === "watch" ? ["--port", "0"] : [];
  const child = new Deno.Command("deno", {
    args: [
      ...["task", verb, "--seed", `${seed}`, "--for", time, "--json", "--corpus"],
      ...[Deno.makeTempDirSync(), ...watched, ...flags],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let bytes = Promise.resolve(0);
  let said = "";
  const telling = (async () => {
    let isRead = false;
    for await (const chunk of child.stderr) {
      said += decoder.decode(chunk);
      const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(said) ?? [];
      if (url === undefined || isRead) continue;
      isRead = true;
      bytes = read(url);
    }
  })();
  const out = await new Response(child.stdout).text();
  await telling;
  return { rate: parseStatistics(out), bytes: await bytes };
}

const ratios: number[] = [];
for (let round = 1; round <= Number(rounds); round++) {
  // Whoever comes second in one round comes first in the next one.
  const order = round % 2 === 0 ? ["watch", "fuzz"] as const : ["fuzz", "watch"] as const;
  const rates = new Map<string, number>();
  let bytes = 0;
  for (const verb of order) {
    const ran = await campaign(verb, round);
    rates.set(verb, ran.rate);
    bytes += ran.bytes;
  }
  const [fuzz, watch] = [rates.get("fuzz")!, rates.get("watch")!];
  ratios.push(watch / fuzz);
  console.log(
    `${round}: fuzz ${fuzz}/s, watch ${watch}/s, ratio ${(watch / fuzz).toFixed(3)}, ` +
      `${Math.round(bytes / 1024)} kB read`,
  );
}
const { high, low, mean } = interval(ratios);
console.log(
  `watch does ${mean.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)}) of the executions of fuzz`,
);
