import { assertEquals } from "@std/assert";
import { isOwn } from "../../../src/cli/parent/page_server.ts";

const own = (headers: Record<string, string>) =>
  isOwn(new Request("http://127.0.0.1:8080/", { headers }), 8080);

Deno.test("isOwn() answers to the page's own host name and origin, and to nobody else", () => {
  const host = "127.0.0.1:8080";
  assertEquals(own({ host }), true);
  assertEquals(own({ host: "localhost:8080" }), true);
  assertEquals(own({ host, origin: "http://127.0.0.1:8080" }), true);
  assertEquals(own({ host, "sec-fetch-site": "none" }), true);
  assertEquals(own({ host, "sec-fetch-site": "same-origin" }), true);
  // Another name that points to this machine, another port, another page.
  assertEquals(own({ host: "evil.example:8080" }), false);
  assertEquals(own({ host: "127.0.0.1:8081" }), false);
  assertEquals(own({ host: "127.0.0.1" }), false);
  assertEquals(own({ host, origin: "http://evil.example" }), false);
  assertEquals(own({ host, origin: "http://127.0.0.1:9000" }), false);
  assertEquals(own({ host, origin: "null" }), false);
  assertEquals(own({ host, "sec-fetch-site": "cross-site" }), false);
});
