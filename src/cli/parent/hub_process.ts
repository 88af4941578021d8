/**
 * The process that talks to Redis: the parent's side of it.
 *
 * It gets the login on its standard input, and one permission: the network, to the address of the hub.
 *
 * @module
 */
import type { HubAnswer, HubRequest, HubSetup, Trouble } from "../hub/messages.ts";

const HUB_SCRIPT = new URL("../hub/hub.ts", import.meta.url);

/** A request failed. */
export class HubTrouble extends Error {
  override name = "HubTrouble";

  constructor(readonly trouble: Trouble, message: string) {
    super(message);
  }
}

/** `HOST:PORT`, as a permission and a URL write it. */
export function hostPort({ host, port }: Pick<HubSetup, "host" | "port">): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function isAnswer(value: unknown): value is HubAnswer {
  return typeof value === "object" && value !== null && "ok" in value;
}

/** A hub process. If it dies, the next request starts another. */
export class HubProcess {
  #child: Deno.ChildProcess | null = null;
  #stdin: WritableStreamDefaultWriter<Uint8Array> | null = null;
  /** Requests without an answer yet, the oldest first. */
  #asked: { resolve(answer: HubAnswer): void }[] = [];
  #isClosed = false;

  constructor(readonly setup: HubSetup) {}

  /** Process id, or null if none runs; for tests. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Ask; throws a {@linkcode HubTrouble} if the hub does not do it. */
  async ask<T>(request: HubRequest): Promise<T> {
    if (this.#isClosed) throw new HubTrouble("away", "the hub process has ended");
    if (this.#child === null) this.#start();
    const answered = new Promise<HubAnswer>((resolve) => this.#asked.push({ resolve }));
    this.#send(JSON.stringify(request));
    const answer = await answered;
    if (answer.ok) return answer.result as T;
    throw new HubTrouble(answer.trouble, answer.message);
  }

  /** End the process. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const child = this.#child;
    if (child === null) return;
    await this.#stdin?.close().catch(() => {});
    await child.status;
  }

  #start(): void {
    const net = `--allow-net=${hostPort(this.setup)}`;
    const child = new Deno.Command("deno", {
      args: ["run", "--no-prompt", "--quiet", net, HUB_SCRIPT.href],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#child = child;
    this.#stdin = child.stdin.getWriter();
    this.#send(JSON.stringify(this.setup));
    this.#read(child);
  }

  #send(line: string): void {
    // Whether the process has died is told by its output, which ends.
    this.#stdin!.write(new TextEncoder().encode(line + "\n")).catch(() => {});
  }

  async #read(child: Deno.ChildProcess): Promise<void> {
    let rest = "";
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        const value: unknown = JSON.parse(line);
        if (isAnswer(value)) this.#asked.shift()?.resolve(value);
      }
    }
    await child.status;
    this.#child = null;
    const message = "the process that talks to Redis has died";
    for (const { resolve } of this.#asked.splice(0)) {
      resolve({ ok: false, trouble: "away", message });
    }
  }
}
