/** The Redis user of the page has the permissions that a worker needs, and that `hub` needs. */
import { assert, assertEquals } from "@std/assert";
import { withDir } from "../with_dir.ts";
import { cli, ROOT } from "../system/harness.ts";
import { withHub } from "./redis_server.ts";
import { WorkerProcess } from "./worker.ts";

Deno.test("a worker and the verbs of hub work as the user that the page describes", () =>
  withHub([], (hub) =>
    withDir(async (dir) => {
      const page = Deno.readTextFileSync(`${ROOT}src/cli/hub/README.md`);
      const [, rule] = /^ACL SETUSER (worker .*)$/m.exec(page)!;
      await hub.command("ACL", "SETUSER", ...rule.replace("HUB", "t").split(" "));
      await hub.command("ACL", "SETUSER", "default", "resetkeys", "-@all", "+acl");
      Deno.writeTextFileSync(`${dir}/login`, "user: worker\npassword: secret\n", { mode: 0o600 });
      const login = ["--hub", hub.url, "--hub-login", `${dir}/login`];

      const campaign = ["--kernel", "v5.9", "--cpus", "2", "--seed", "1", "--for", "300x"];
      const worker = new WorkerProcess([...campaign, ...login, "--sync", `${dir}/a`]);
      await worker.event({ event: "told" });
      await worker.ended();
      const status = await cli("hub", "status", ...login);
      assertEquals(status.code, 0, status.err);
      const exported = await cli("hub", "export", `${dir}/out`, ...login);
      assertEquals(exported.code, 0, exported.err);
      assert([...Deno.readDirSync(`${dir}/out`)].length > 0);
    })));
