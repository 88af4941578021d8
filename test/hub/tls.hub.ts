/** A hub behind TLS: a worker that trusts its certificate joins, another one is told why not. */
import { assert, assertMatch } from "@std/assert";
import { withDir } from "../with_dir.ts";
import { cli } from "../system/harness.ts";
import { freePort, RedisServer } from "./redis_server.ts";
import { WorkerProcess } from "./worker.ts";

async function openssl(...args: string[]): Promise<void> {
  const command = new Deno.Command("/usr/bin/openssl", { args, stdin: "null", stderr: "piped" });
  const { success, stderr } = await command.output();
  assert(success, new TextDecoder().decode(stderr));
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** A certificate of an authority, `NAME.pem`, with its key. */
function authority(dir: string, name: string): Promise<void> {
  const files = ["-keyout", `${dir}/${name}.key`, "-out", `${dir}/${name}.pem`];
  return openssl("req", "-x509", ...NEW_KEY, ...files, "-days", "2", "-subj", `/CN=${name}`);
}

/** A certificate for 127.0.0.1 that the authority has signed. */
async function certificate(dir: string, name: string, ca: string): Promise<void> {
  const [request, extension] = [`${dir}/${name}.csr`, `${dir}/${name}.ext`];
  const key = ["-keyout", `${dir}/${name}.key`];
  await openssl("req", "-new", ...NEW_KEY, ...key, "-out", request, "-subj", "/CN=hub");
  Deno.writeTextFileSync(extension, "subjectAltName=IP:127.0.0.1\n");
  const signed = ["-CA", `${dir}/${ca}.pem`, "-CAkey", `${dir}/${ca}.key`, "-CAcreateserial"];
  const out = ["-out", `${dir}/${name}.pem`, "-days", "2", "-extfile", extension];
  await openssl("x509", "-req", "-in", request, ...signed, ...out);
}

Deno.test("a hub behind TLS is used if its certificate is trusted, and else refused", () =>
  withDir(async (dir) => {
    await authority(dir, "ca");
    await authority(dir, "other");
    await certificate(dir, "server", "ca");
    const port = freePort();
    const files = ["--tls-cert-file", `${dir}/server.pem`, "--tls-key-file", `${dir}/server.key`];
    const server = new RedisServer(dir, port, [
      ...["--port", "0", "--tls-port", String(port), "--tls-auth-clients", "no"],
      ...[...files, "--tls-ca-cert-file", `${dir}/ca.pem`],
    ]);
    const login = (ca: string) => {
      const path = `${dir}/${ca}.login`;
      Deno.writeTextFileSync(path, `tls: on\nca: ${dir}/${ca}.pem\n`, { mode: 0o600 });
      return ["--hub", `redis://127.0.0.1:${port}/t`, "--hub-login", path];
    };
    try {
      await server.start();
      const campaign = ["--kernel", "v5.9", "--cpus", "2", "--seed", "1", "--for", "300x"];
      const worker = new WorkerProcess([...campaign, ...login("ca"), "--sync", `${dir}/a`]);
      await worker.event({ event: "hub", state: "joined" });
      await worker.event({ event: "told" });
      await worker.ended();
      const stranger = await cli("hub", "status", ...login("other"));
      assertMatch(stranger.err, /^error: Cannot use redis:.*: the TLS connection is not trusted/);
    } finally {
      await server.kill();
    }
  }));
