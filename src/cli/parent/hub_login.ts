/**
 * How to log in at a hub: the flag `--hub-login`.
 *
 * Names and passwords are neither on a command line nor in the environment: everybody on the machine
 * can read the one, and every process below inherits the other.
 *
 * @module
 */
import type { Login } from "../hub/messages.ts";
import { isSystemError, reason } from "../files/system_error.ts";
import { UsageError } from "../flags/usage.ts";

/** What may be in the file of a login. */
const WORDS = ["user", "password", "tls", "ca"] as const;

/** Read lines such as `password: secret`. Messages never show a value. */
export function parseLogin(text: string, path: string, read: (path: string) => string): Login {
  const found = new Map<string, string>();
  text.split("\n").forEach((raw, i) => {
    const line = raw.replace(/\r$/, "");
    if (line.trim() === "" || line.startsWith("#")) return;
    const [, word, value] = /^(\w+):[ \t]*(.*)$/.exec(line) ?? [];
    const at = `${path}:${i + 1}:1`;
    if (word === undefined || !(WORDS as readonly string[]).includes(word)) {
      throw new UsageError(
        `${at}: Cannot read login: expected "WORD: VALUE" with ${WORDS.join(", ")}`,
      );
    }
    if (found.has(word)) throw new UsageError(`${at}: Cannot read login: ${word} is there twice`);
    if (word === "tls" && !["on", "off"].includes(value)) {
      throw new UsageError(`${at}: Cannot read login: tls is on or off`);
    }
    found.set(word, value);
  });
  const ca = found.get("ca");
  const tls = found.get("tls") === "on";
  if (ca !== undefined && !tls) {
    throw new UsageError(`${path}:1:1: Cannot read login: "ca" without "tls: on" has no meaning`);
  }
  if (found.has("user") && !found.has("password")) {
    throw new UsageError(`${path}:1:1: Cannot read login: there is a user and no password`);
  }
  return {
    user: found.get("user"),
    password: found.get("password"),
    tls,
    ca: ca === undefined ? undefined : read(ca),
  };
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (e) {
    if (!isSystemError(e)) throw e;
    throw new UsageError(`Cannot read "${path}": ${reason(e)}`);
  }
}

/** What everybody may do. Credentials of systemd show as readable by the group, which has nobody. */
const OTHERS = 0o007;

/** The login of `--hub-login`: a file, or `-` for standard input; none if the flag is not given. */
export async function loginOf(path: string | undefined): Promise<Login> {
  if (path === undefined) return { tls: false };
  if (path === "-") {
    const text = await new Response(Deno.stdin.readable).text();
    return parseLogin(text, "standard input", readText);
  }
  const text = readText(path);
  const mode = Deno.statSync(path).mode ?? 0;
  if ((mode & OTHERS) !== 0) {
    throw new UsageError(
      `Cannot use "${path}": everybody may read it (mode ${(mode & 0o777).toString(8)}); ` +
        `"chmod 600 ${path}" forbids it`,
    );
  }
  return parseLogin(text, path, readText);
}
