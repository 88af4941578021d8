/**
 * The connection to Redis: scripts by name, and errors as the trouble that they mean.
 *
 * A connection that fails is thrown away; the next request makes a new one. The caller decides how
 * often to try, so there is no retry here.
 *
 * @module
 */
import { isIP } from "node:net";
import { createHash } from "node:crypto";
import { createClient } from "@redis/client";
import { type ScriptName, SCRIPTS } from "./scripts.ts";
import type { HubSetup, Trouble } from "./messages.ts";

/** Milliseconds until a Redis that does not answer counts as away. */
const ANSWER_MS = 5000;

/** A request failed; the message is for people. */
export class HubError extends Error {
  override name = "HubError";

  constructor(readonly trouble: Trouble, message: string) {
    super(message);
  }
}

const SHAS = Object.fromEntries(
  Object.entries(SCRIPTS).map((
    [name, text],
  ) => [name, createHash("sha1").update(text).digest("hex")]),
) as Record<ScriptName, string>;

/** What an error of Redis or of its connection means. */
export function hubError(e: unknown): HubError {
  if (e instanceof HubError) return e;
  const { code, message } = e as { code?: unknown; message: string };
  const first = message.split("\n")[0];
  if (/^(WRONGPASS|NOAUTH|ERR AUTH|ERR invalid password)/.test(message)) {
    return new HubError("refused", `Redis does not accept user and password (${first})`);
  }
  if (/^NOPERM/.test(message)) {
    return new HubError("refused", `Redis does not let this user do what a hub needs (${first})`);
  }
  if (/^OOM |-OOM |\bOOM command/.test(message)) {
    return new HubError("full", "Redis is full: raise its maxmemory, or export and use a new name");
  }
  if (/^(LOADING|MISCONF|READONLY|BUSY|MASTERDOWN|CLUSTERDOWN)/.test(message)) {
    return new HubError("away", `Redis is not ready (${first})`);
  }
  if (/certificate|self[- ]signed|UnknownIssuer|TLS|SSL/i.test(`${String(code)} ${message}`)) {
    return new HubError("refused", `the TLS connection is not trusted (${first})`);
  }
  if (typeof code === "string" || /socket|connection|closed|offline|timeout/i.test(message)) {
    return new HubError("away", first === "" ? String(code) : first);
  }
  return new HubError("error", first);
}

type Client = ReturnType<typeof makeClient>;

function makeClient({ host, port, login }: HubSetup) {
  const { ca, password, tls, user } = login;
  // A certificate names an address as such; a server name (SNI) must be none.
  const serverName = isIP(host) === 0 ? { servername: host } : {};
  const address = { host, port, connectTimeout: ANSWER_MS, reconnectStrategy: false as const };
  return createClient({
    username: user,
    password,
    socket: tls ? { ...address, tls: true as const, ca, ...serverName } : address,
    disableClientInfo: true,
    disableOfflineQueue: true,
  });
}

/** What Redis answers: numbers, texts and lists of these. */
// deno-lint-ignore no-explicit-any
export type Reply = any;

export class Redis {
  readonly prefix: string;
  #client: Client | null = null;

  constructor(readonly setup: HubSetup) {
    this.prefix = `objcg-fuzz:{${setup.name}}:`;
  }

  /** Run a script. */
  script(name: ScriptName, args: readonly (string | number)[]): Promise<Reply> {
    return this.#attempt(async (client) => {
      const rest = ["1", this.prefix, ...args.map(String)];
      try {
        return await client.sendCommand(["EVALSHA", SHAS[name], ...rest]);
      } catch (e) {
        if (!/^NOSCRIPT/.test((e as Error).message)) throw e;
        return await client.sendCommand(["EVAL", SCRIPTS[name], ...rest]);
      }
    });
  }

  /** Send a command. */
  command(...words: string[]): Promise<Reply> {
    return this.#attempt((client) => client.sendCommand(words));
  }

  /** Drop the connection. */
  drop(): void {
    const client = this.#client;
    this.#client = null;
    try {
      client?.destroy();
    } catch {
      // It was closed already.
    }
  }

  async #attempt(act: (client: Client) => Promise<Reply>): Promise<Reply> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new HubError("away", `no answer within ${ANSWER_MS / 1000} s`)),
        ANSWER_MS,
      );
    });
    try {
      return await Promise.race([this.#connected().then(act), late]);
    } catch (e) {
      const error = hubError(e);
      // After an answer, even a bad one, the connection is good.
      if (error.trouble === "away" || error.trouble === "refused") this.drop();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #connected(): Promise<Client> {
    if (this.#client?.isReady) return this.#client;
    this.drop();
    const client = makeClient(this.setup);
    // The request that fails tells the error.
    client.on("error", () => {});
    this.#client = client;
    await client.connect();
    return client;
  }
}
