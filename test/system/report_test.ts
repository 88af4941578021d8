/** The page of a campaign that has ended, as a user makes it. */
import { assert, assertEquals } from "@std/assert";
import { readCampaigns } from "../page/read_page.ts";
import { assertCode, cli, filesIn, PATIENT, withDir } from "./harness.ts";

Deno.test("report runs the inputs of a campaign again, and shows what they cover", () =>
  withDir(async (dir) => {
    const flags = ["--kernel", "v5.9", "--seed", "1", "--for", "1500x", "--shards", "1"];
    const ran = await cli("fuzz", "--count-known", ...flags, ...PATIENT, "--corpus", dir);
    assertCode(ran, 77);
    assertCode(await cli("report", dir), 0);
    const [{ coverage, findings }] = readCampaigns(
      Deno.readTextFileSync(`${dir}/index.html`),
    ).campaigns;
    assert(coverage !== null && findings.length > 0);
    const inputs = filesIn(`${dir}/queue`, ".txt").length +
      filesIn(`${dir}/crashes`, ".txt").length;
    assertEquals([coverage.inputs, coverage.left], [inputs, 0]);
    const charge = coverage.functions.find(({ name }) => name === "obj_cgroup_charge");
    assert(charge !== undefined && charge.lines.length > 0, "it was charged");
  }));
