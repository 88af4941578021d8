/** A real Redis for tests, which can be killed and started again with what it has saved. */
import { assert } from "@std/assert";
import { type HubSetup } from "../../src/cli/hub/messages.ts";
import { Redis, type Reply } from "../../src/cli/hub/redis.ts";

/** Where Debian's package puts it. */
const PROGRAM = "/usr/bin/redis-server";

/** A port that was free a moment ago. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

export class RedisServer {
  #child: Deno.ChildProcess | null = null;

  constructor(readonly dir: string, readonly port: number, readonly flags: readonly string[]) {}

  /** Start, or start again, and wait until it answers. */
  async start(): Promise<void> {
    this.#child = new Deno.Command(PROGRAM, {
      args: [
        ...["--bind", "127.0.0.1", "--port", String(this.port), "--dir", this.dir],
        ...["--save", "", "--loglevel", "warning", ...this.flags],
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    for (;;) {
      try {
        const connection = await Deno.connect({ hostname: "127.0.0.1", port: this.port });
        connection.close();
        return;
      } catch (e) {
        assert(e instanceof Deno.errors.ConnectionRefused);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null) return;
    child.kill("SIGKILL");
    await child.status;
  }
}

/** What survives every kill. */
export const DURABLE = ["--appendonly", "yes", "--appendfsync", "always"] as const;

export interface Hub {
  readonly server: RedisServer;
  readonly url: string;
  readonly dir: string;
  /** Keys of the hub begin so. */
  readonly prefix: string;
  command(...words: string[]): Promise<Reply>;
}

/** A Redis in a directory of its own, for as long as `act` runs. */
export async function withHub(
  flags: readonly string[],
  act: (hub: Hub) => Promise<void>,
  login: HubSetup["login"] = { tls: false },
): Promise<void> {
  const dir = Deno.makeTempDirSync();
  const port = freePort();
  const server = new RedisServer(dir, port, flags);
  const redis = new Redis({ host: "127.0.0.1", port, name: "t", login, version: "" });
  try {
    await server.start();
    await act({
      server,
      url: `redis://127.0.0.1:${port}/t`,
      dir,
      prefix: redis.prefix,
      command: (...words) => redis.command(...words),
    });
  } finally {
    redis.drop();
    await server.kill();
    Deno.removeSync(dir, { recursive: true });
  }
}
