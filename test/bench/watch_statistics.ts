/** The figures of watch.ts. */

/** Executions per second of the `done` event of a campaign. */
export function parseStatistics(out: string): number {
  const line = out.split("\n").find((text) => text.startsWith('{"event":"done"'));
  if (line === undefined) throw new Error(`The campaign has no last event: ${out}`);
  return JSON.parse(line).execs_per_sec;
}

/** The geometric mean of ratios, and where it lies with 95 % if their logarithms are normal. */
export function interval(ratios: readonly number[]): { mean: number; low: number; high: number } {
  const logs = ratios.map(Math.log);
  const n = logs.length;
  const mean = logs.reduce((sum, x) => sum + x, 0) / n;
  const variance = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, n - 1);
  const wide = 1.96 * Math.sqrt(variance / n);
  return { mean: Math.exp(mean), low: Math.exp(mean - wide), high: Math.exp(mean + wide) };
}
