/**
 * `watch`: a campaign with a page.
 *
 * @module
 */
import { isSystemError, reason } from "../files/system_error.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import type { Context } from "../parent/context.ts";
import { PageServer } from "../parent/page_server.ts";
import { fuzzWatched } from "./fuzz_hub.ts";

function serve(data: ConstructorParameters<typeof PageServer>[0], port: number): PageServer {
  try {
    return new PageServer(data, port);
  } catch (e) {
    if (!isSystemError(e)) throw e;
    throw new UsageError(`Cannot listen on 127.0.0.1:${port}: ${reason(e)}; --port names another`);
  }
}

/** Run the verb. */
export function watch(request: Request, context: Context): Promise<number> {
  let server: PageServer | null = null;
  return fuzzWatched(request, context, {
    begin(record) {
      server = serve(() => record.data, request.values.port!);
      context.output.error(`Watch it at ${server.url}`);
    },
    async end() {
      await server?.close();
    },
  });
}
