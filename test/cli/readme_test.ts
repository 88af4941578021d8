/** src/cli/README.md: its tables are those of the code, and every event that tests see is in it. */
import { assert, assertEquals } from "@std/assert";
import { EXIT_DOCS } from "../../src/cli/protocol/exit_code.ts";
import { FLAG_NAMES, flagNamed, VERBS } from "../../src/cli/flags/flags.ts";
import { VERB_DOCS } from "../../src/cli/flags/help.ts";
import { assertGenerated, markdownTable, read } from "../documentation.ts";
import { documentedKeys, undocumented } from "../events.ts";

const PAGE = "src/cli/README.md";

Deno.test("src/cli/README.md's commands are those of the help", () => {
  const rows = VERBS.map((verb) => {
    const { usage, doc } = VERB_DOCS[verb];
    return [`\`deno task ${usage.replace(/ \[FLAGS\]$/, "")}\``, doc];
  });
  assertGenerated(PAGE, "commands", markdownTable([["Command", "What it does"], ...rows]));
});

Deno.test("src/cli/README.md's flags are those of the help", () => {
  const rows = FLAG_NAMES.map((name) => {
    const { metavar, verbs, doc, fallback, fallbackDoc } = flagNamed(name);
    const flag = metavar === null ? `--${name}` : `--${name} ${metavar}`;
    const of = verbs.length === VERBS.length ? "all" : verbs.join(", ");
    return [`\`${flag}\``, of, doc, fallback ?? fallbackDoc ?? ""];
  });
  const heading = ["Flag", "Of", "Meaning", "Default"];
  assertGenerated(PAGE, "flags", markdownTable([heading, ...rows]));
});

Deno.test("src/cli/README.md's exit codes are those of the help", () => {
  const rows = Object.entries(EXIT_DOCS);
  assertGenerated(PAGE, "exit codes", markdownTable([["Exit code", "Meaning"], ...rows]));
});

Deno.test("src/cli/README.md's permissions are those of deno.json", () => {
  const { tasks } = JSON.parse(read("deno.json")) as { tasks: Record<string, string> };
  const rows = Object.entries(tasks).flatMap(([name, command]) => {
    const flags = [...command.matchAll(/--allow-\S+/g)].map(([flag]) => `\`${flag}\``);
    if (!/^deno (run|test) /.test(command)) return [];
    assert(command.includes(" --no-prompt "), `${name} must not prompt`);
    assert(!/--allow-(all|ffi|import)\b|-A\b/.test(command), `${name} may do too much`);
    const net = command.match(/--allow-net\S*/g) ?? [];
    const isOnline = ["watch", "test:hub", "hub:scale", "hub:load"].includes(name);
    assertEquals(net, isOnline ? ["--allow-net=127.0.0.1"] : [], name);
    return [[name, flags.join(" ")]];
  });
  assertGenerated(PAGE, "permissions", markdownTable([["Task", "Permissions"], ...rows]));
});

Deno.test("src/cli/README.md's events are told from what is not in it", () => {
  assertEquals(documentedKeys("hang"), ["title", "file"]);
  assertEquals(undocumented({ event: "hang", title: "t", file: null }), undefined);
  assertEquals(
    undocumented({ event: "status", execs: 1, shard: 0 }),
    "status has the keys execs, shard",
  );
  assertEquals(
    undocumented({ event: "hang", file: null, title: "t" }),
    "hang has the keys file, title",
  );
  assertEquals(undocumented({ event: "no" }), "no is no event of src/cli/README.md");
});

Deno.test("src/cli/README.md has every event that a shard may send to users", () => {
  const events = [...read("src/cli/protocol/jobs.ts").matchAll(/^ {2}readonly event: "(\w+)";$/gm)];
  // These are for the parent.
  const internal = ["ready", "pulse", "error", "slow", "coverage"];
  const names = events.map(([, name]) => name).filter((name) => !internal.includes(name));
  assert(names.length > 8);
  assertEquals(names.filter((name) => documentedKeys(name) === undefined), []);
});
