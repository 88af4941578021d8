import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { loginOf, parseLogin } from "../../../src/cli/parent/hub_login.ts";
import { UsageError } from "../../../src/cli/flags/usage.ts";
import { withDir } from "../harness.ts";

const login = (text: string) => parseLogin(text, "f", (path) => `<${path}>`);

Deno.test("parseLogin() reads lines in any order, and the certificates that they name", () => {
  assertEquals(login("# a\n\nca: a.pem\ntls: on\nuser: u\npassword: p w: x\n"), {
    user: "u",
    password: "p w: x",
    tls: true,
    ca: "<a.pem>",
  });
  assertEquals(login(""), { user: undefined, password: undefined, tls: false, ca: undefined });
});

Deno.test("parseLogin() names the line, and never shows a value", () => {
  const refused: [text: string, message: string][] = [
    ["secret\n", "f:1:1: Cannot read login: expected"],
    ["\npass: secret\n", "f:2:1: Cannot read login: expected"],
    ["password: secret\npassword: secret\n", "f:2:1: Cannot read login: password is there twice"],
    ["tls: secret\n", "f:1:1: Cannot read login: tls is on or off"],
    ["ca: secret\n", '"ca" without "tls: on" has no meaning'],
    ["user: secret\n", "there is a user and no password"],
  ];
  for (const [text, message] of refused) {
    const error = assertThrows(() => login(text), UsageError, message);
    assertEquals(error.message.includes("secret"), false, error.message);
  }
});

Deno.test("loginOf() refuses a file that everybody may read", () =>
  withDir(async (dir) => {
    const path = `${dir}/login`;
    Deno.writeTextFileSync(path, "password: p\n", { mode: 0o644 });
    await assertRejects(() => loginOf(path), UsageError, "everybody may read it (mode 644)");
    Deno.chmodSync(path, 0o600);
    assertEquals((await loginOf(path)).password, "p");
    await assertRejects(() => loginOf(`${dir}/no`), UsageError, `Cannot read "${dir}/no": no such`);
    assertEquals(await loginOf(undefined), { tls: false });
  }));
