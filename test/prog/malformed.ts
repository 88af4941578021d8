/**
 * Malformed inputs, and the exact messages about them.
 *
 * Most of them have one wrong line in a correct file. {@linkcode header}, {@linkcode op} and
 * {@linkcode step} build that file.
 */

/** A file whose last header line, on line 4, is `line`. */
export const header = (line: string) => `objcg-fuzz 1\ntitle: t\ncpus: 2\n${line}\n`;
/** A file with two good operations on lines 5 and 6 and `line` on line 7. */
export const op = (line: string) =>
  `objcg-fuzz 1\ntitle: t\ncpus: 2\n\nboot  a = mkdir(root)\nboot  o = obj_cgroup_get_current(cpu0)\n${line}\n`;
/** A file with a symbolic schedule and `line` on line 7. */
export const step = (line: string) =>
  `objcg-fuzz 1\ntitle: t\ncpus: 2\n\ncpu0  rmdir(root)\nschedule:\n${line}\n`;
/** A file with a numeric schedule, its order on line 6 and `line` on line 7. */
export const event = (line: string, order = "order cpu1 cpu0") =>
  `objcg-fuzz 1\ntitle: t\ncpus: 2\n\nschedule: numeric\n${order}\n${line}\n`;

/** A description, the text, and the errors as they are printed, without the file name. */
export const MALFORMED: readonly (readonly [string, string, ...string[]])[] = [
  ["an empty file", "", `1:1: Cannot read an empty file: the first line must be "objcg-fuzz 1"`],
  [
    "a file of blank lines",
    "\n\n",
    `1:1: Cannot read an empty file: the first line must be "objcg-fuzz 1"`,
  ],
  [
    "another kind of file",
    "#!/bin/sh\necho hello\n",
    `1:1: Cannot read file: the first line must be "objcg-fuzz 1", found "#!/bin/sh"`,
  ],
  [
    "a binary file",
    "\x7fELF\x02\x01\0\0\ufffd\ufffd",
    `1:1: Cannot read file: the first line must be "objcg-fuzz 1", found "<U+007F>ELF<U+0002><U+0001><U+0000><U+0000><U+FFFD><U+FFFD>"`,
  ],
  [
    "a misspelt magic",
    "objcg-fuz 1\n",
    `1:1: Cannot read file: the first line must be "objcg-fuzz 1", found "objcg-fuz 1"`,
  ],
  [
    "a missing version",
    "objcg-fuzz\ntitle: t\n",
    `1:1: Cannot read file: the first line must be "objcg-fuzz 1", found "objcg-fuzz"`,
  ],
  [
    "a newer version",
    "objcg-fuzz 2\ntitle: t\n",
    `1:12: Cannot read version 2: this objcg-fuzz reads version 1, a newer one is needed`,
  ],
  [
    "a version that never was",
    "objcg-fuzz 0\ntitle: t\n",
    `1:12: Unknown version 0: the first line must be "objcg-fuzz 1"`,
  ],
  [
    "missing headers",
    "objcg-fuzz 1\n",
    `1:1: Missing header "title": add a line such as "title: what goes wrong"`,
    `1:1: Missing header "cpus": add a line such as "cpus: 2"`,
  ],
  [
    "control characters in the text",
    header("note: a\0b"),
    `4:8: Cannot read character U+0000: an input is plain text`,
  ],
  [
    "bytes that are not UTF-8",
    header("note: \ufffd"),
    `4:7: Cannot read bytes that are not UTF-8: an input is plain text`,
  ],
  [
    "a misspelt header",
    header("stauts: real"),
    `4:1: Unknown header "stauts": did you mean "status"?`,
  ],
  [
    "a header in capitals",
    header("Link: https://x"),
    `4:1: Unknown header "Link": did you mean "link"?`,
  ],
  [
    "a header without a colon",
    header("link https://x"),
    `4:1: Cannot read header "link": expected "link: value"`,
  ],
  [
    "a word that means nothing",
    header("rmdir(a)"),
    `4:1: Cannot read line: "rmdir" begins neither a header "key: value" nor an operation "cpu0  name(arguments)"`,
  ],
  [
    "a line of punctuation",
    header("====="),
    `4:1: Cannot read header: expected "key: value", found "="`,
  ],
  [
    "a duplicate header",
    header("title: again"),
    `4:1: Duplicate header "title": line 2 has it already`,
  ],
  ["an empty value", header("status:"), `4:8: Cannot read header "status": the value is empty`],
  [
    "an unknown target",
    header("target: objgc"),
    `4:9: Unknown target "objgc": did you mean "objcg"?`,
  ],
  [
    "a target that is two words",
    header("target: objcg 2"),
    `4:15: Unexpected "2" after the value: expected the end of the line`,
  ],
  [
    "an unknown preemption model",
    header("preempt: ful"),
    `4:10: Unknown preemption model "ful": did you mean "full"?`,
  ],
  [
    "a preemption model far off",
    header("preempt: voluntary"),
    `4:10: Unknown preemption model "voluntary": expected "none", "full" or "rt"`,
  ],
  [
    "an unknown KCSAN mode",
    header("kcsan: stict"),
    `4:8: Unknown KCSAN mode "stict": did you mean "strict"?`,
  ],
  [
    "a number of CPUs that is none",
    "objcg-fuzz 1\ntitle: t\ncpus: two\n",
    `3:7: Cannot read header "cpus": "two" is not a number from 1 to 32`,
  ],
  [
    "too many CPUs",
    "objcg-fuzz 1\ntitle: t\ncpus: 33\n",
    `3:7: Cannot read header "cpus": "33" is not a number from 1 to 32`,
  ],
  [
    "no CPU",
    "objcg-fuzz 1\ntitle: t\ncpus: 0\n",
    `3:7: Cannot read header "cpus": "0" is not a number from 1 to 32`,
  ],
  [
    "text after the number of CPUs",
    "objcg-fuzz 1\ntitle: t\ncpus: 2 or so\n",
    `3:9: Unexpected "or so" after the value: expected the end of the line`,
  ],
  [
    "a comment after a header",
    "objcg-fuzz 1\ntitle: t\ncpus: 2 # two\n",
    `3:9: Cannot read a comment after other text: put it on a line of its own`,
  ],
  [
    "an expectation of no kernel",
    header("expect: none"),
    `4:1: Cannot read header "expect": expected "expect KERNEL: TITLE" or "expect KERNEL: none"`,
  ],
  [
    "an expectation of nothing",
    header("expect v5.9:"),
    `4:13: Cannot read what "v5.9" reports: expected a crash title or "none"`,
  ],
  [
    "a duplicate expectation",
    header("expect a: none\nexpect a: boom"),
    `5:8: Duplicate expectation for kernel "a"`,
  ],
  [
    "an operation with a colon",
    header("cpu0: rmdir(root)"),
    `4:1: Unexpected ":" after "cpu0": an operation is "cpu0  name(arguments)"`,
  ],
  [
    "a header after an operation",
    op("status: real"),
    `7:1: Cannot read header "status": headers must come before the first operation`,
  ],
  [
    "a misspelt CPU",
    op("cpuO  rmdir(a)"),
    `7:1: Cannot read operation: unknown word "cpuO": did you mean "cpu0"?`,
  ],
  [
    "a misspelt boot",
    op("bot  mkdir(a)"),
    `7:1: Cannot read operation: unknown word "bot": did you mean "boot"?`,
  ],
  [
    "a word in place of a CPU",
    op("task  rmdir(a)"),
    `7:1: Cannot read operation: unknown word "task": expected "boot" or "cpuN"`,
  ],
  [
    "a CPU that does not exist",
    op("cpu2  rmdir(a)"),
    `7:1: Unknown CPU "cpu2": the program has cpu0 to cpu1`,
  ],
  [
    "no operation",
    op("cpu0"),
    `7:5: Cannot read operation: expected its name, found the end of the line`,
  ],
  [
    "an unknown operation",
    op("cpu0  kmaloc(64)"),
    `7:7: Unknown operation "kmaloc": did you mean "kmalloc"?`,
  ],
  [
    "an operation unlike any",
    op("cpu0  frobnicate(64)"),
    `7:7: Unknown operation "frobnicate": the nearest known one is "rmdir"`,
  ],
  [
    "an unknown context",
    op("cpu0  hardriq kmalloc(64)"),
    `7:7: Unknown context "hardriq": did you mean "hardirq"?`,
  ],
  [
    "a context it may not run in",
    op("cpu0  softirq rmdir(a)"),
    `7:7: Cannot run "rmdir" in softirq: it may run in "task"`,
  ],
  [
    "a context at boot",
    op("boot  softirq kmalloc(1)"),
    `7:7: Cannot boot in softirq: boot operations run in task`,
  ],
  [
    "no parenthesis",
    op("cpu0  kmalloc 64"),
    `7:15: Cannot read operation "kmalloc": expected "(", found "64"`,
  ],
  [
    "an open parenthesis",
    op("cpu0  kmalloc(64"),
    `7:17: Cannot read arguments of "kmalloc": expected "," or ")", found the end of the line`,
  ],
  [
    "a missing comma",
    op("cpu0  obj_cgroup_charge(o 64)"),
    `7:27: Cannot read arguments of "obj_cgroup_charge": expected "," or ")", found "64"`,
  ],
  [
    "a missing argument",
    op("cpu0  obj_cgroup_charge(o, )"),
    `7:28: Cannot parse argument 2 of "obj_cgroup_charge": ")" is not a number, a name or a CPU`,
  ],
  [
    "too few arguments",
    op("cpu0  obj_cgroup_charge(o)"),
    `7:7: Cannot call "obj_cgroup_charge" with 1 argument: expected obj_cgroup_charge(objcg, size)`,
  ],
  [
    "too many arguments",
    op("cpu0  rmdir(a, a)"),
    `7:7: Cannot call "rmdir" with 2 arguments: expected rmdir(memcg)`,
  ],
  [
    "a number below its range",
    op("cpu0  obj_cgroup_charge(o, -5)"),
    `7:28: Cannot parse argument 2 of "obj_cgroup_charge": "-5" is not a size from 0 to 65536`,
  ],
  [
    "a number above its range",
    op("cpu0  kmalloc(0x10001)"),
    `7:15: Cannot parse argument 1 of "kmalloc": "65537" is not a size from 0 to 65536`,
  ],
  [
    "a number too large for a number",
    op("cpu0  kmalloc(99999999999999999999)"),
    `7:15: Cannot read number "99999999999999999999": it does not fit in 32 bits`,
  ],
  [
    "a fraction",
    op("cpu0  kmalloc(1.5)"),
    `7:15: Cannot parse argument 1 of "kmalloc": "1.5" is not a number, a name or a CPU`,
  ],
  [
    "a name where a number belongs",
    op("cpu0  kmalloc(a)"),
    `7:15: Cannot parse argument 1 of "kmalloc": "a" is not a size from 0 to 65536`,
  ],
  [
    "a number where a name belongs",
    op("cpu0  rmdir(1)"),
    `7:13: Cannot parse argument 1 of "rmdir": "1" is not the name of a memcg`,
  ],
  [
    "a name where a CPU belongs",
    op("cpu0  attach(a, a)"),
    `7:14: Cannot parse argument 1 of "attach": "a" is not a CPU such as "cpu0"`,
  ],
  [
    "an argument CPU that does not exist",
    op("cpu0  attach(cpu7, a)"),
    `7:14: Unknown CPU "cpu7": the program has cpu0 to cpu1`,
  ],
  [
    "an unknown name",
    op("cpu0  rmdir(rooot)"),
    `7:13: Cannot parse argument 1 of "rmdir": unknown name "rooot": did you mean "root"?`,
  ],
  [
    "a name of another type",
    op("cpu0  rmdir(o)"),
    `7:13: Cannot parse argument 1 of "rmdir": "o" is an objcg, not a memcg`,
  ],
  [
    "a name used before its line",
    op("cpu0  kfree(x)\ncpu1  x = kmalloc(8)"),
    `7:13: Cannot parse argument 1 of "kfree": "x" is defined on line 8: it can be used only after that`,
  ],
  [
    "a name used on its own line",
    op("cpu0  b = mkdir(b)"),
    `7:17: Cannot parse argument 1 of "mkdir": "b" is defined on line 7: it can be used only after that`,
  ],
  [
    "a duplicate name",
    op("boot  a = mkdir(root)"),
    `7:7: Duplicate name "a": line 5 defines it already`,
  ],
  [
    "a predefined name",
    op("boot  root = mkdir(root)"),
    `7:7: Cannot name a result "root": the target predefines it`,
  ],
  [
    "a name in capitals",
    op("boot  B = mkdir(root)"),
    `7:7: Cannot name a result "B": a name is lower-case letters, digits and "_"`,
  ],
  [
    "a name with a meaning",
    op("cpu0  softirq = kmalloc(1)"),
    `7:7: Cannot name a result "softirq": the word has a meaning here`,
  ],
  [
    "a result where there is none",
    op("cpu0  r = rmdir(a)"),
    `7:7: Cannot name the result of "rmdir": it has none`,
  ],
  [
    "boot after a CPU",
    op("cpu0  rmdir(a)\nboot  mkdir(root)"),
    `8:1: Boot operations must come before the operations of CPUs: move this line up`,
  ],
  [
    "an operation only for CPUs",
    op("boot  rmdir(a)"),
    `7:7: Cannot run "rmdir" at boot: it may run only on a CPU`,
  ],
  [
    "an operation only for boot",
    op("cpu0  set_limit(a, 4096)"),
    `7:7: Cannot run "set_limit" on a CPU: it may run only at boot`,
  ],
  [
    "an unknown option",
    op("cpu0  mkdir(a) {fial 1}"),
    `7:17: Cannot read option: expected "fail", found "fial"`,
  ],
  [
    "an allocation that is no number",
    op("cpu0  mkdir(a) {fail x}"),
    `7:22: Cannot read "fail": "x" is not the number of an allocation`,
  ],
  [
    "an open option",
    op("cpu0  mkdir(a) {fail 1"),
    `7:23: Cannot read "fail": expected "," or "}", found the end of the line`,
  ],
  [
    "an allocation it does not make",
    op("cpu0  mkdir(a) {fail 2, 5}"),
    `7:16: Cannot fail allocation 5 of "mkdir": it makes 4 allocations`,
  ],
  [
    "an allocation of none",
    op("cpu0  rmdir(a) {fail 1}"),
    `7:16: Cannot fail allocation 1 of "rmdir": it makes no allocation`,
  ],
  [
    "a duplicate allocation",
    op("cpu0  mkdir(a) {fail 1, 1}"),
    `7:25: Duplicate allocation 1 in "fail"`,
  ],
  [
    "an unknown error",
    op("cpu0  mkdir(a) = -ENOMEN"),
    `7:18: Unknown error "-ENOMEN": did you mean "-ENOMEM"?`,
  ],
  [
    "a return value without its sign",
    op("cpu0  mkdir(a) = ENOMEM"),
    `7:18: Cannot read return value: "ENOMEM" is not a number or an error such as "-ENOMEM"`,
  ],
  [
    "no return value",
    op("cpu0  mkdir(a) ="),
    `7:17: Cannot read return value: the end of the line is not a number or an error such as "-ENOMEM"`,
  ],
  [
    "text after an operation",
    op("cpu0  rmdir(a) rmdir(a)"),
    `7:16: Unexpected "rmdir(a)" after the operation: expected the end of the line`,
  ],
  [
    "a comment after an operation",
    op("cpu0  rmdir(a)  # gone"),
    `7:17: Cannot read a comment after other text: put it on a line of its own`,
  ],
  [
    "a name from a line that is wrong",
    op("boot  b = mkdir(root\ncpu0  rmdir(b)"),
    `7:21: Cannot read arguments of "mkdir": expected "," or ")", found the end of the line`,
  ],
  [
    "two wrong lines",
    op("cpu0  rmdir(b)\ncpu0  kmalloc(-1)"),
    `7:13: Cannot parse argument 1 of "rmdir": unknown name "b": did you mean "a"?`,
    `8:15: Cannot parse argument 1 of "kmalloc": "-1" is not a size from 0 to 65536`,
  ],
  [
    "two wrong arguments",
    op("cpu0  obj_cgroup_charge(a, -1)"),
    `7:25: Cannot parse argument 1 of "obj_cgroup_charge": "a" is a memcg, not an objcg`,
    `7:28: Cannot parse argument 2 of "obj_cgroup_charge": "-1" is not a size from 0 to 65536`,
  ],
  [
    "an unknown schedule",
    op("schedule: symbolic"),
    `7:11: Unknown kind of schedule "symbolic": expected "schedule:" or "schedule: numeric"`,
  ],
  ["a duplicate schedule", step("schedule:"), `7:1: Duplicate schedule: line 6 begins one already`],
  [
    "an operation in the schedule",
    step("cpu0  rmdir(root)"),
    `7:1: Cannot read step: operations must come before the schedule`,
  ],
  [
    "a word in the schedule",
    step("then cpu0 until end"),
    `7:1: Cannot read step: expected "cpuN until …", "cpuN interrupt", "cpuN softirq" or "cpuN kworker"`,
  ],
  [
    "a step of boot",
    step("boot until end"),
    `7:1: Cannot read step: expected "cpuN until …", "cpuN interrupt", "cpuN softirq" or "cpuN kworker"`,
  ],
  [
    "a step of a CPU that does not exist",
    step("cpu2 until end"),
    `7:1: Unknown CPU "cpu2": the program has cpu0 to cpu1`,
  ],
  [
    "a step that does nothing",
    step("cpu0"),
    `7:5: Cannot read step: expected "until", "interrupt", "softirq" or "kworker", found the end of the line`,
  ],
  [
    "a misspelt step",
    step("cpu0 untill end"),
    `7:6: Unknown schedule word "untill": did you mean "until"?`,
  ],
  [
    "a step to nowhere",
    step("cpu0 until"),
    `7:11: Cannot read step: expected "end" or a function after "until", found the end of the line`,
  ],
  [
    "a step to nothing in a function",
    step("cpu0 until fn:"),
    `7:15: Cannot read step: expected a primitive or a function after "fn:", found the end of the line`,
  ],
  [
    "a checksum that is none",
    header("patch: my fix.ts sha256:12"),
    `4:25: Cannot read checksum "12": SHA-256 has 64 hexadecimal digits in lower case`,
  ],
  [
    "a target with something else than a file",
    header("target: objcg fix"),
    `4:15: Unexpected "fix" after the value: expected the end of the line`,
  ],
  [
    "a step limit that is too small",
    header("step-limit: 99"),
    `4:13: Cannot read header "step-limit": "99" is not a number from 100 to 10000000`,
  ],
  [
    "a step limit that is no number",
    header("step-limit: many"),
    `4:13: Cannot read header "step-limit": "many" is not a number from 100 to 10000000`,
  ],
  [
    "an answer that is not yes",
    header("every-step: yess"),
    `4:13: Unknown value "yess": did you mean "yes"?`,
  ],
  [
    "a step to after nothing",
    step("cpu0 until after"),
    `7:17: Cannot read step: expected an operation after "until after", found the end of the line`,
  ],
  [
    "a step to after an operation that does not exist",
    step("cpu0 until after rmdri"),
    `7:18: Unknown operation "rmdri": did you mean "rmdir"?`,
  ],
  [
    "a step to after no operation",
    step("cpu0 until after rmdir #0"),
    `7:24: Cannot read step: "#0" is not a count from #1`,
  ],
  [
    "a count from zero",
    step("cpu0 until fn #0"),
    `7:15: Cannot read step: "#0" is not a count from #1`,
  ],
  [
    "a comment after a step",
    step("cpu0 until fn # 2"),
    `7:15: Cannot read a comment after other text: put it on a line of its own`,
  ],
  [
    "text after a step",
    step("cpu0 until fn: xchg field more"),
    `7:27: Unexpected "more" after the step: expected the end of the line`,
  ],
  [
    "an order that is not the CPUs",
    event("+1 demote", "order cpu0 cpu0"),
    `6:1: Cannot read order: expected each of the 2 CPUs once, as in "order cpu0 cpu1"`,
  ],
  [
    "no order",
    event("+1 demote", "+1 demote"),
    `6:1: Cannot read schedule: expected "order" and the CPUs, found "+1"`,
  ],
  [
    "an order of nothing",
    event("+1 demote", "order"),
    `6:6: Cannot read order: expected the CPUs, found the end of the line`,
  ],
  [
    "a numeric schedule of nothing",
    header("schedule: numeric"),
    `4:1: Cannot read order: expected each of the 2 CPUs once, as in "order cpu0 cpu1"`,
  ],
  [
    "a misspelt schedule",
    op("schedul:"),
    `7:1: Cannot read operation: unknown word "schedul": did you mean "schedule:"?`,
  ],
  [
    "a misspelt kind of schedule",
    op("schedule: numric"),
    `7:11: Unknown kind of schedule "numric": did you mean "numeric"?`,
  ],
  [
    "a duplicate order",
    event("order cpu0 cpu1"),
    `7:1: Duplicate "order": the schedule has one already`,
  ],
  [
    "an event without a gap",
    event("switch cpu0"),
    `7:1: Cannot read event: expected "+GAP", the number of points to let pass`,
  ],
  [
    "a gap too large",
    event("+2147483648 demote"),
    `7:1: Cannot read gap: "2147483648" does not fit in 31 bits`,
  ],
  [
    "an unknown action",
    event("+1 swich cpu0"),
    `7:4: Unknown schedule action "swich": did you mean "switch"?`,
  ],
  [
    "no action",
    event("+1"),
    `7:3: Cannot read event: expected an action after the gap, found the end of the line`,
  ],
  [
    "a switch to nowhere",
    event("+1 switch"),
    `7:10: Cannot read event: expected "cpuN" after "switch", found the end of the line`,
  ],
  [
    "a switch to a CPU that does not exist",
    event("+1 switch cpu9"),
    `7:11: Unknown CPU "cpu9": the program has cpu0 to cpu1`,
  ],
  [
    "text after an event",
    event("+1 demote cpu0"),
    `7:11: Unexpected "cpu0" after the event: expected the end of the line`,
  ],
];
