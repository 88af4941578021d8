import { assertEquals } from "@std/assert";
import { causesOf } from "../../src/page/causes.ts";
import { CAMPAIGN } from "./campaigns.ts";

Deno.test("causesOf() puts findings under what they follow from, with the executions it took", () => {
  const causes = causesOf(CAMPAIGN.findings);
  assertEquals(causes.map(({ execs, isNew, known, title }) => ({ execs, isNew, known, title })), [
    {
      execs: 299,
      isNew: false,
      known: ["s02-css-get-dead-memcg"],
      title: "objcg belongs to a freed cgroup",
    },
    { execs: 1200, isNew: true, known: [], title: "<b>WARNING</b> in f" },
  ]);
  assertEquals(causes.map(({ findings }) => findings.map(({ file }) => file)), [
    ["corpus/crashes/a b.txt", "d.txt"],
    ["c.txt"],
  ]);
  assertEquals(causesOf([]), []);
});
