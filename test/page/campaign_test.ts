import { assert, assertEquals } from "@std/assert";
import { campaignPage } from "../../src/page/campaign.ts";
import { findingPage } from "../../src/page/page.ts";
import { CAMPAIGN } from "./campaigns.ts";
import { at, dataOf } from "./points.ts";
import { readCampaigns, readPage } from "./read_page.ts";

Deno.test("campaignPage() has its data, and tells causes without scripts", () => {
  const page = { campaigns: [CAMPAIGN], matrix: [], live: false };
  const html = campaignPage(page);
  assertEquals(readCampaigns(html), page);
  const [, plain] = /<noscript>(.*)<\/noscript>/s.exec(html)!;
  assert(
    plain.includes("<li>objcg belongs to a freed cgroup, after 299 executions<ul><li><a href="),
  );
  assert(plain.includes('<a href="corpus/crashes/a b.html">refcount: 0 -&gt; 1 in'));
  assert(plain.includes("&lt;b&gt;WARNING&lt;/b&gt; in f"), "a title is a text");
});

Deno.test("only the page of a campaign that runs may ask its server", () => {
  const policy = (live: boolean) => {
    const html = campaignPage({ campaigns: [CAMPAIGN], matrix: [], live });
    return /Content-Security-Policy" content="([^"]*)"/.exec(html)![1];
  };
  assertEquals(policy(true).includes("connect-src 'self'"), true);
  assertEquals(policy(false).includes("connect-src"), false);
  assertEquals(policy(false).startsWith("default-src 'none'"), true);
});

Deno.test("findingPage() takes any text for a text", () => {
  const bad = '</script><script>alert("x")</script>';
  const data = dataOf([at(0, 1, "f", "load", "a#0.b", bad)], {
    title: bad,
    story: [bad],
    text: bad,
    command: bad,
  });
  const html = findingPage(data);
  assertEquals(html.includes("<script>alert"), false);
  assertEquals(html.match(/<\/script/g)!.length, 2, "that of the data and that of the program");
  assertEquals(readPage(html).points[0].value, bad);
});
