import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { EXIT, EXIT_DOCS } from "../../../src/cli/protocol/exit_code.ts";
import { flagNamed, flagsOf, type Verb, VERBS } from "../../../src/cli/flags/flags.ts";
import { help, verbHelp } from "../../../src/cli/flags/help.ts";
import { parseFlags, splitVerb } from "../../../src/cli/flags/parse_flags.ts";
import { UsageError } from "../../../src/cli/flags/usage.ts";
import { KNOWN } from "../harness.ts";

const parse = (verb: Verb, ...args: string[]) => parseFlags(verb, args, KNOWN);

function assertMessage(message: string, f: () => unknown): void {
  assertEquals(assertThrows(f, UsageError).message, message);
}

Deno.test("parseFlags() reads values after a space and after =", () => {
  const { values, rest, given } = parse("fuzz", "--cpus", "2", "--kernel=v5.9", "x", "--", "--y");
  assertEquals([values.cpus, values.kernel, rest], [2, "v5.9", ["x", "--y"]]);
  assertEquals([...given], ["cpus", "kernel"]);
});

Deno.test("parseFlags() fills in defaults", () => {
  const { values } = parse("fuzz");
  assertEquals(values.preempt, "full");
  assertEquals(values.strategy, "portfolio");
  assertEquals(values["hang-timeout"], 10_000);
  assertEquals(values["step-limit"], 20_000);
  assertEquals(values.seed, undefined);
});

Deno.test("parseFlags() collects repeatable flags and lists", () => {
  const { values } = parse(
    "fuzz",
    ...["--patch", "a.ts", "--patch", "b.ts"],
    ...["--sanitizers", "kasan,kmsan", "--no-sanitizer", "lockdep"],
  );
  assertEquals(values.patch, ["a.ts", "b.ts"]);
  assertEquals(values.sanitizers, ["kasan", "kmsan"]);
  assertEquals(values["no-sanitizer"], ["lockdep"]);
});

Deno.test("parseFlags() reads bounds, times and seeds", () => {
  assertEquals(parse("fuzz", "--for", "10000x").values.for, { execs: 10000 });
  assertEquals(parse("fuzz", "--for", "1.5m").values.for, { ms: 90_000 });
  assertEquals(parse("fuzz", "--seed", "0xff").values.seed, "255");
  assertEquals(parse("fuzz", "--seed", "18446744073709551615").values.seed, `${2n ** 64n - 1n}`);
  assertEquals(parse("fuzz", "--target", "a/b.ts").values.target, "a/b.ts");
});

const BAD: readonly [Verb, readonly string[], string][] = [
  [
    "fuzz",
    ["--kernal", "x"],
    'Unknown flag "--kernal": did you mean "--kernel"? See "fuzz --help"',
  ],
  ["fuzz", ["-k"], 'Unknown flag "-k": the nearest known one is "--for" See "fuzz --help"'],
  ["fuzz", ["--repeat", "3"], 'Unknown flag "--repeat" of fuzz: it belongs to replay'],
  ["fuzz", ["--cpus"], "Cannot read --cpus: expected --cpus N"],
  ["fuzz", ["--cpus="], "Cannot read --cpus: expected --cpus N"],
  ["fuzz", ["--cpus", "2", "--cpus", "3"], "Cannot read --cpus: it is given twice"],
  ["fuzz", ["--json=yes"], "Cannot read --json: it takes no value"],
  ["fuzz", ["--cpus", "0"], 'Cannot read --cpus: "0" is not a number from 1 to 32'],
  ["fuzz", ["--cpus", "33"], 'Cannot read --cpus: "33" is not a number from 1 to 32'],
  ["fuzz", ["--cpus", "two"], 'Cannot read --cpus: "two" is not a number from 1 to 32'],
  ["fuzz", ["--shards", "-1"], 'Cannot read --shards: "-1" is not a number from 1 to 256'],
  [
    "fuzz",
    ["--kernel", "potsed"],
    'Unknown kernel "potsed": did you mean "posted"? Known: posted, v5.9',
  ],
  ["fuzz", ["--kernel", "zzz"], 'Unknown kernel "zzz": expected "posted" or "v5.9"'],
  ["fuzz", ["--target", "zzz"], 'Unknown target "zzz": expected "objcg" or "percpu_ref"'],
  [
    "fuzz",
    ["--preempt", "no"],
    'Unknown preemption model "no": expected "none", "full" or "rt"',
  ],
  [
    "fuzz",
    ["--kcsan", "stict"],
    'Unknown KCSAN mode "stict": did you mean "strict"? Known: value-change, strict, permissive',
  ],
  ["fuzz", ["--kcsan"], "Cannot read --kcsan: expected --kcsan MODE"],
  [
    "fuzz",
    ["--strategy", "randon"],
    'Unknown strategy "randon": did you mean "random"? Known: portfolio, directed, pct, random',
  ],
  [
    "fuzz",
    ["--machine", "zzz"],
    'Unknown machine "zzz": expected "scout", "lockstep", "fibers" or "free"',
  ],
  [
    "fuzz",
    ["--no-sanitizer", "kcsan"],
    'Unknown sanitizer "kcsan": did you mean "kasan"? Known: kasan, kmsan, lockdep',
  ],
  [
    "fuzz",
    ["--for", "60"],
    'Cannot read --for: "60" is not a time such as 60s or 5m, or a number of executions such as ' +
    "10000x",
  ],
  [
    "fuzz",
    ["--for", "0x"],
    'Cannot read --for: "0x" is not a time such as 60s or 5m, or a number of executions such as ' +
    "10000x",
  ],
  [
    "fuzz",
    ["--hang-timeout", "0s"],
    'Cannot read --hang-timeout: "0s" is not a time such as 500ms, 10s, 5m or 1h',
  ],
  [
    "fuzz",
    ["--seed", "18446744073709551616"],
    'Cannot read --seed: "18446744073709551616" is not a number from 0 to 18446744073709551615, ' +
    "decimal or 0x",
  ],
  [
    "fuzz",
    ["--step-limit", "9"],
    'Cannot read --step-limit: "9" is not a number from 100 to 10000000',
  ],
  ["replay", ["--repeat", "0"], 'Cannot read --repeat: "0" is not a number from 1 to 1000000'],
  [
    "seed new",
    ["--link", "lkml"],
    'Cannot read --link: "lkml" is not a URL such as https://lore.kernel.org/r/MESSAGE-ID',
  ],
];

Deno.test("parseFlags() says what is wrong and what would be right", () => {
  for (const [verb, args, message] of BAD) assertMessage(message, () => parse(verb, ...args));
});

Deno.test("splitVerb() takes verbs of one and of two words", () => {
  assertEquals(splitVerb(["fuzz", "--json"]), { verb: "fuzz", args: ["--json"] });
  assertEquals(splitVerb(["seed", "fmt", "x"]), { verb: "seed fmt", args: ["x"] });
});

Deno.test("splitVerb() names the nearest verb", () => {
  const split = (...args: string[]) => () => splitVerb(args);
  const verbs =
    "fuzz, watch, report, replay, minimize, seed, kernel, c, compare, matrix, bisect, review, bench, hub, test";
  assertMessage('Unknown verb "fuz": did you mean "fuzz"?', split("fuz"));
  assertMessage('Unknown verb "relpay": did you mean "replay"?', split("relpay"));
  assertMessage(`Cannot begin: expected a verb: ${verbs}`, split());
  assertMessage(`Cannot begin: expected a verb: ${verbs}`, split("--json"));
  assertMessage('Cannot seed: expected "seed new", "seed fmt", "seed check"', split("seed"));
  assertMessage(
    'Cannot kernel: expected "kernel list", "kernel show", "kernel diff", "kernel functions"',
    split("kernel"),
  );
  assertMessage(
    'Unknown verb after "seed" "nwe": did you mean "new"?',
    split("seed", "nwe"),
  );
});

Deno.test("verbHelp() lists every flag of the verb, and only these", () => {
  for (const verb of VERBS) {
    const text = verbHelp(verb, KNOWN);
    const listed = [...text.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name);
    assertEquals(listed, flagsOf(verb));
    for (const name of flagsOf(verb)) assertStringIncludes(text, flagNamed(name).doc);
  }
});

Deno.test("verbHelp() lists what can be named", () => {
  const text = verbHelp("fuzz", KNOWN);
  for (const { name, doc } of Object.values({ ...KNOWN, series: [] }).flat()) {
    assert(text.split("\n").some((l) => l.startsWith(`  ${name}`) && l.endsWith(doc)), name);
  }
});

Deno.test("verbHelp() lists kernels also where they are arguments", () => {
  for (const { name, doc } of KNOWN.kernels) {
    assertMatch(verbHelp("kernel diff", KNOWN), new RegExp(`^ {2}${name} +${doc}$`, "m"));
    assert(!verbHelp("kernel list", KNOWN).includes(doc));
  }
});

Deno.test("help() lists every verb and every exit code", () => {
  const text = help();
  for (const verb of VERBS) assertStringIncludes(text, `  ${verb} `);
  for (const code of Object.values(EXIT)) {
    assertStringIncludes(text, `${String(code).padEnd(5)}${EXIT_DOCS[code]}`);
  }
});
