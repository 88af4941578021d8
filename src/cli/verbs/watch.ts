/**
 * `watch`: a campaign with a page.
 *
 * @module
 */
import { isSystemError, reason } from "../files/system_error.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import type { CampaignRecord } from "../parent/campaign_record.ts";
import type { Context } from "../parent/context.ts";
import { Cover, coverJob } from "../parent/cover.ts";
import { PageServer } from "../parent/page_server.ts";
import { fuzzWatched } from "./fuzz_hub.ts";
import type { FuzzJob } from "../protocol/jobs.ts";

function serve(data: ConstructorParameters<typeof PageServer>[0], port: number): PageServer {
  try {
    return new PageServer(data, port);
  } catch (e) {
    if (!isSystemError(e)) throw e;
    throw new UsageError(`Cannot listen on 127.0.0.1:${port}: ${reason(e)}; --port names another`);
  }
}

/** Let a process look at what the campaign keeps; null if it keeps nothing. */
function coverOf(job: FuzzJob, record: CampaignRecord, context: Context): Cover | null {
  if (job.machine === "free") return null;
  const folders = [`${job.corpusDir}/queue`, job.artifactsDir];
  const since = job.readCorpus ? null : job.since;
  return new Cover(coverJob(job, folders, since, true), context, (c) => record.covered(c));
}

/** Run the verb. */
export function watch(request: Request, context: Context): Promise<number> {
  let server: PageServer | null = null;
  let cover: Cover | null = null;
  return fuzzWatched(request, context, {
    begin(record, _, job) {
      server = serve(() => record.data, request.values.port!);
      context.output.error(`Watch it at ${server.url}`);
      cover = coverOf(job, record, context);
    },
    async settle(isPatient) {
      if (isPatient) await cover?.finish();
      else await cover?.kill();
    },
    async end() {
      await server?.close();
    },
  });
}
