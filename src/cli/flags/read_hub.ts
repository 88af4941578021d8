/**
 * Where a hub is: the flag `--hub`.
 *
 * @module
 */
import type { HubAddress } from "../hub/messages.ts";
import { UsageError } from "./usage.ts";

const FORM = "redis://HOST:PORT/NAME";

/** Read the value of `--hub`. */
export function readHub(text: string): HubAddress {
  const cannot = (why: string) => new UsageError(`Cannot read --hub: ${why}`);
  if (/^rediss:/.test(text)) throw cannot(`"tls: on" in the file of --hub-login asks for TLS`);
  if (/^redis:\/\/[^/]*@/.test(text)) {
    throw cannot("user and password belong into the file of --hub-login");
  }
  const match = /^redis:\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})\/([\w-][\w.-]{0,63})$/
    .exec(text);
  const port = Number(match?.[2]);
  if (match === null || port < 1 || port > 65_535) throw cannot(`"${text}" is not ${FORM}`);
  return { host: match[1].replace(/^\[|\]$/g, ""), port, name: match[3] };
}
