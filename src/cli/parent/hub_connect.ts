/**
 * The hub process that the flags ask for.
 *
 * @module
 */
import type { HubAddress } from "../hub/messages.ts";
import type { Request } from "../flags/parse_flags.ts";
import { loginOf } from "./hub_login.ts";
import { HubProcess } from "./hub_process.ts";
import { modelVersion } from "./model_version.ts";

/** A hub process with the login that the flags name. */
export async function hubProcess(address: HubAddress, { values }: Request): Promise<HubProcess> {
  const login = await loginOf(values["hub-login"]);
  return new HubProcess({ ...address, login, version: modelVersion() });
}
