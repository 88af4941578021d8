/** Processes that a test has started. */

async function output(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(command, { args }).output();
  return new TextDecoder().decode(stdout);
}

async function childrenOf(pids: readonly string[], ...more: string[]): Promise<string[]> {
  if (pids.length === 0) return [];
  const text = await output("pgrep", ...more, "-P", pids.join(","));
  return text.split("\n").filter((line) => line !== "");
}

/** The processes of the shards that a campaign runs: those below it that may write files. */
export async function shardsOf(campaign: number): Promise<string[]> {
  const found: string[] = [];
  for (let pids = [String(campaign)]; pids.length > 0; pids = await childrenOf(pids)) {
    found.push(...await childrenOf(pids, "-f", "shard/shard.ts"));
  }
  const args = await output("pgrep", "-a", "-f", "allow-write=.*shard/shard.ts");
  return found.filter((pid) => args.split("\n").some((line) => line.startsWith(`${pid} `)));
}

/** kill -9 */
export async function killAtOnce(pid: string): Promise<void> {
  await output("kill", "-9", pid);
}
