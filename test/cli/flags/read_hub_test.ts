import { assertEquals, assertThrows } from "@std/assert";
import { readHub } from "../../../src/cli/flags/read_hub.ts";
import { UsageError } from "../../../src/cli/flags/usage.ts";

Deno.test("readHub() reads host, port and name", () => {
  assertEquals(readHub("redis://10.0.0.5:6379/night"), {
    host: "10.0.0.5",
    port: 6379,
    name: "night",
  });
  assertEquals(readHub("redis://[::1]:1/a-b"), { host: "::1", port: 1, name: "a-b" });
});

Deno.test("readHub() says what would be right", () => {
  const refused = {
    "redis://h/n": 'Cannot read --hub: "redis://h/n" is not redis://HOST:PORT/NAME',
    "redis://h:99999/n": "is not redis://HOST:PORT/NAME",
    "redis://h:0/n": "is not redis://HOST:PORT/NAME",
    "redis://h:1/": "is not redis://HOST:PORT/NAME",
    "redis://h:1/a}b": "is not redis://HOST:PORT/NAME",
    "redis://a,b:1/n": "is not redis://HOST:PORT/NAME",
    "rediss://h:1/n": 'Cannot read --hub: "tls: on" in the file of --hub-login asks for TLS',
    "redis://u:p@h:1/n": "user and password belong into the file of --hub-login",
  };
  for (const [text, message] of Object.entries(refused)) {
    assertThrows(() => readHub(text), UsageError, message);
  }
});
