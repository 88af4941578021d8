import { assertEquals, assertStringIncludes } from "@std/assert";
import { campaignPath, writeCampaign } from "../../../src/cli/parent/campaign_file.ts";
import { readCampaigns } from "../../page/read_page.ts";
import { CAMPAIGN } from "../../page/campaigns.ts";
import { ran, tree, withDir } from "../harness.ts";

const args = (...rest: string[]) => ["report", ...rest];

Deno.test("report writes one page of all campaigns, with links to the pages that are there", () =>
  withDir(async (dir) => {
    const crashes = `${dir}/crashes`;
    writeCampaign(campaignPath(crashes, "7"), CAMPAIGN);
    writeCampaign(campaignPath(crashes, "8"), { ...CAMPAIGN, seed: "8", findings: [] });
    Deno.writeTextFileSync(`${crashes}/a b.html`, "a page");
    const { code, err } = await ran(args(dir));
    assertEquals([code, err], [0, `Wrote ${dir}/index.html: 2 campaigns, 2 causes\n`]);
    const { campaigns, live, matrix } = readCampaigns(Deno.readTextFileSync(`${dir}/index.html`));
    assertEquals([live, matrix, campaigns.map(({ seed }) => seed)], [false, [], ["7", "8"]]);
    assertEquals(campaigns[0].findings.map(({ page }) => page), ["crashes/a%20b.html", null, null]);
    const { code: again } = await ran(args(dir, "--html", `${crashes}/all.html`));
    const other = readCampaigns(Deno.readTextFileSync(`${crashes}/all.html`));
    assertEquals([again, other.campaigns[0].findings[0].page], [0, "a%20b.html"]);
  }));

Deno.test("report shows the matrix, if it was run", () =>
  withDir(async (dir) => {
    writeCampaign(campaignPath(dir, "7"), CAMPAIGN);
    const cell = { event: "cell", file: "x.txt", kernel: "posted", result: "bug", title: "t" };
    Deno.writeTextFileSync(
      `${dir}/matrix.jsonl`,
      `${JSON.stringify({ ...cell, ok: true })}\n{"event":"done"}\n`,
    );
    assertEquals((await ran(args(dir))).code, 0);
    assertEquals(readCampaigns(Deno.readTextFileSync(`${dir}/index.html`)).matrix, [
      { file: "x.txt", kernel: "posted", result: "bug", title: "t", ok: true },
    ]);
    Deno.writeTextFileSync(`${dir}/matrix.jsonl`, `\nnot JSON\n`);
    const { code, err } = await ran(args(dir));
    assertEquals(code, 1);
    assertStringIncludes(err, `${dir}/matrix.jsonl:2:1: this is no line of JSON`);
  }));

Deno.test("report says what it needs", () =>
  withDir(async (dir) => {
    const none = await ran(args());
    assertEquals([none.code, none.err], [
      1,
      "error: Cannot report: expected one folder, found 0\n",
    ]);
    const empty = await ran(args(dir));
    assertEquals(empty.code, 1);
    assertStringIncludes(empty.err, "it has no campaign-SEED.json, which fuzz writes");
    assertEquals(tree(dir), []);
  }));
