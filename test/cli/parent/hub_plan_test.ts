import { assertEquals, assertThrows } from "@std/assert";
import { parsePlan, PlanErrors } from "../../../src/cli/parent/hub_plan.ts";
import { KNOWN } from "../harness.ts";

const plan = (text: string) => parsePlan(`objcg-fuzz plan 1\n${text}`, "p.txt", KNOWN);

Deno.test("parsePlan() makes a lease of each combination in a block, seeds last", () => {
  const works = plan("\n# c\nkernel: posted, v5.9\npreempt: full,rt\nseed: 1-2, 7\nfor: 5m\n");
  assertEquals(works.length, 12);
  assertEquals(works[0], {
    kernel: "posted",
    preempt: "full",
    target: "objcg",
    cpus: 3,
    seed: "1",
    ms: 300_000,
  });
  assertEquals(works.map(({ seed }) => seed).join(""), "111122227777");
  assertEquals(plan("kernel: posted\nfor: 1s\n\nkernel: v5.9\nfor: 2s\n").map(({ ms }) => ms), [
    1000,
    2000,
  ]);
});

Deno.test("parsePlan() names line and column of every error", () => {
  const refused: [text: string, lines: string[]][] = [
    ["", ["p.txt:1:1: The plan is empty"]],
    ["kernel: posted\n", ['p.txt:2:1: The block has no "for: …"']],
    ["for: 1s\n", ['p.txt:2:1: The block has no "kernel: …"']],
    ["kernel: posted\nkernel: v5.9\nfor: 1s\n", [
      'p.txt:3:1: "kernel" is there twice in one block',
    ]],
    ["kernel: posted\nfor: 1s\nseed: 4-1\n", [
      'p.txt:4:7: Cannot read seed: "4-1" is no range of at most 100000',
    ]],
    ["kernel: posted\nfor:   soon\n", [
      'p.txt:3:8: Cannot read for: "soon" is not a time such as 500ms, 10s, 5m or 1h',
    ]],
    ["kernel: posted\nfor: 1s\ntarget: ../x.ts\n", [
      'p.txt:4:9: Unknown target "../x.ts": expected "objcg" or "percpu_ref"',
    ]],
    ["kernels: posted\n", [
      'p.txt:2:1: Expected a comment, an empty line or "WORD: …" with kernel, preempt, target, ' +
      "cpus, seed, for",
    ]],
  ];
  for (const [text, lines] of refused) {
    const error = assertThrows(() => plan(text), PlanErrors);
    assertEquals(error.lines, lines);
  }
  const first = assertThrows(() => parsePlan("plan\n", "p.txt", KNOWN), PlanErrors);
  assertEquals(first.lines, ['p.txt:1:1: Expected "objcg-fuzz plan 1"']);
});
