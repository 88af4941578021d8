/**
 * The rules that lib/percpu-refcount.c and include/linux/percpu-refcount.h document. One case
 * breaks each rule and one keeps it. The kernel has no self-test for them; the files say what to
 * expect.
 */
import { file, makeMachine } from "../machine/harness.ts";
import { type Applicable, conformance } from "./table.ts";

const m = await makeMachine({
  cpus: 3,
  target: file("test/conformance/percpu_refcount_target.ts"),
  without: ["kmemleak"],
});

const PREEMPT = ["none", "full", "rt"] as const;
const MODE = { percpu: 0, INIT_ATOMIC: 1, INIT_DEAD: 2, ALLOW_REINIT: 4 } as const;

/**
 * A program: a boot operation makes the ref; then come operations, on CPU 0 unless they say
 * otherwise.
 */
function program(flags: number, ops: string): string {
  const lines = ops.split(";").map((l) => l.trim()).filter((l) => l !== "");
  const schedule = lines.findIndex((l) => l.startsWith("schedule"));
  const on = (l: string) => (/^(cpu\d|boot) /.test(l) ? l : `cpu0 ${l}`);
  const own = schedule < 0 ? lines.map(on) : [
    ...lines.slice(0, schedule).map(on),
    ...lines.slice(schedule),
  ];
  return [`boot r = init(${flags})`, ...own].join("\n");
}

/** The title and the detector; they must be the same under every preemption model. */
function reported(flags: number, ops: string): string {
  const seen = PREEMPT.map((preempt) => {
    const r = m.run(program(flags, ops), { preempt });
    if (r.title === null) return "silent";
    return r.kind === "warn" ? `${r.title}: ${r.text.split("\n")[0]}` : r.title;
  });
  return [...new Set(seen)].join(" | ");
}

/** A case that breaks a rule, and what must be reported. */
function broken(name: string, flags: number, ops: string, expected: string): Applicable {
  return { name, expected, observe: () => reported(flags, ops) };
}

/** A case that keeps a rule: nothing may be reported, and the last operations return `returns`. */
function kept(name: string, flags: number, ops: string, returns: number[] = []): Applicable {
  const expected = returns.length === 0 ? "silent" : `silent, ${returns.join(" ")}`;
  return {
    name,
    expected,
    observe() {
      const title = reported(flags, ops);
      if (title !== "silent" || returns.length === 0) return title;
      const all = PREEMPT.map((preempt) =>
        m.run(program(flags, ops), { preempt }).returns.slice(-returns.length).join(" ")
      );
      return `silent, ${[...new Set(all)].join(" | ")}`;
    },
  };
}

const DEAD = "kill(r); get(r); put(r)";

conformance({
  detector: "refcount",
  suite: "lib/percpu-refcount.c",
  cases: [
    broken("get: after zero", 0, `kill(r); cpu0 get(r)`, "refcount: 0 -> 1 in do_get"),
    broken("get_many: after zero", 0, `kill(r); get_many(r, 7)`, "refcount: 0 -> 1 in do_get_many"),
    kept("get: while dying, by an owner", 0, `get(r); ${DEAD}; put(r); released(r)`, [1]),
    kept(
      "get: on one CPU, put on another",
      0,
      `boot get(r); cpu1 put(r); kill(r); released(r); schedule:; cpu1 until end; cpu0 until end`,
      [1],
    ),
    kept(
      "get: per-CPU counters may be negative",
      0,
      `boot get_many(r, 9); cpu1 put_many(r, 9); get(r); kill(r); put(r); released(r); ` +
        `schedule:; cpu1 until end; cpu0 until end`,
      [1],
    ),
    broken("put: below zero", 0, `kill(r); put(r)`, "refcount: underflow in do_put"),
    broken(
      "put_many: more than there are",
      0,
      `get(r); kill(r); put_many(r, 3)`,
      "refcount: underflow in do_put_many",
    ),
    broken(
      "put: one too many before the kill",
      0,
      `put(r); kill(r)`,
      "WARNING in percpu_ref_switch_to_atomic_rcu: percpu ref <= 0 after switching to atomic",
    ),
    broken(
      "put: the initial reference without a kill",
      MODE.INIT_ATOMIC,
      `put(r)`,
      "percpu_ref: released without a kill in do_put",
    ),
    kept(
      "put: the last one after the kill",
      MODE.INIT_ATOMIC,
      `get(r); kill(r); put(r); released(r)`,
      [1],
    ),
    broken("exit: then get", 0, `kill(r); exit(r); get(r)`, "percpu_ref: use after exit in do_get"),
    broken(
      "exit: then put, with a reference out",
      0,
      `get(r); kill(r); exit(r); put(r)`,
      "percpu_ref: use after exit in do_put",
    ),
    broken(
      "exit: then tryget, with a reference out",
      0,
      `get(r); kill(r); exit(r); tryget(r)`,
      "percpu_ref: use after exit in do_tryget",
    ),
    broken(
      "exit: during a switch",
      0,
      `cpu1 reader(r); kill(r); exit(r); schedule:; cpu1 until user_reader: atomic_read; cpu0 until end`,
      "WARNING in do_exit: percpu_ref_exit() during a switch",
    ),
    kept("exit: from init failure paths, unused", 0, `exit(r); is_dying(r)`, [1]),
    kept("exit: twice does nothing", 0, `kill(r); exit(r); exit(r)`),
    kept(
      "exit: the switch's own ends nothing",
      0,
      `get(r); kill(r); get(r); put(r); put(r); released(r)`,
      [1],
    ),
    broken(
      "kill: twice",
      0,
      `kill(r); kill(r)`,
      "WARNING in do_kill: percpu_ref_kill() called more than once",
    ),
    broken(
      "kill: after INIT_DEAD",
      MODE.INIT_DEAD,
      `kill(r)`,
      "WARNING in do_kill: percpu_ref_kill() called more than once",
    ),
    kept("kill: release once, when nobody holds it", 0, `kill(r); released(r); is_zero(r)`, [1, 1]),
    kept("kill: no release while somebody does", 0, `get(r); kill(r); released(r); is_dying(r)`, [
      0,
      1,
    ]),
    kept(
      "kill: without a switch from any context",
      0,
      `cpu1 hardirq kill(r); released(r); schedule:; cpu1 until end; cpu0 until end`,
      [1],
    ),
    broken(
      "kill: in atomic context during a switch",
      0,
      `cpu1 reader(r); get(r); switch_to_atomic(r); kill_atomic_context(r); schedule:; ` +
        `cpu1 until user_reader: atomic_read; cpu0 until end`,
      "BUG: sleeping function called from invalid context in do_kill_atomic_context",
    ),
    kept(
      "kill_and_confirm: once, when all CPUs know",
      0,
      `get(r); kill_and_confirm(r); confirmed(r); released(r)`,
      [1, 0],
    ),
    kept(
      "kill_and_confirm: not while a reader may not know",
      0,
      `cpu1 reader(r); kill_and_confirm(r); confirmed(r); released(r); schedule:; ` +
        `cpu1 until user_reader: atomic_read; cpu0 until end`,
      [0, 0],
    ),
    kept(
      "kill_and_confirm: at once in atomic mode",
      MODE.INIT_ATOMIC,
      `get(r); kill_and_confirm(r); confirmed(r)`,
      [1],
    ),
    kept("tryget: fails only at zero", 0, `get(r); kill(r); tryget(r); put(r); put(r); tryget(r)`, [
      1,
      0,
      0,
      0,
    ]),
    kept(
      "tryget_many: all or none",
      0,
      `tryget_many(r, 3); kill(r); put_many(r, 3); tryget_many(r, 3)`,
      [0, 0, 0],
    ),
    kept(
      "tryget_live: fails from the kill on",
      0,
      `tryget_live(r); kill(r); tryget_live(r); tryget(r)`,
      [1, 0, 0, 1],
    ),
    kept("tryget_live: atomic mode is not dead", MODE.INIT_ATOMIC, `tryget_live(r)`, [1]),
    kept("is_zero: false in per-CPU mode", 0, `put(r); is_zero(r)`, [0]),
    kept("INIT_DEAD: starts dead, at zero", MODE.INIT_DEAD, `is_dying(r); is_zero(r); tryget(r)`, [
      1,
      1,
      0,
    ]),
    kept(
      "INIT_DEAD: reinit makes it live, per CPU",
      MODE.INIT_DEAD,
      `reinit(r); tryget_live(r); is_dying(r); is_zero(r)`,
      [1, 0, 0],
    ),
    broken("INIT_DEAD: get before reinit", MODE.INIT_DEAD, `get(r)`, "refcount: 0 -> 1 in do_get"),
    kept(
      "INIT_ATOMIC: stays atomic over kill and reinit",
      MODE.INIT_ATOMIC,
      `kill(r); reinit(r); kill(r); is_zero(r); released(r)`,
      [1, 2],
    ),
    kept(
      "switch_to_percpu: ends INIT_ATOMIC",
      MODE.INIT_ATOMIC,
      `switch_to_percpu(r); put(r); is_zero(r); get(r)`,
      [0, 0],
    ),
    broken(
      "switch_to_percpu: without ALLOW_REINIT",
      0,
      `switch_to_atomic(r); cpu1 switch_to_percpu(r); schedule:; ` +
        `cpu0 until percpu_ref_switch_to_atomic_rcu: load allow_reinit; cpu1 until end`,
      "WARNING in do_switch_to_percpu: percpu mode without PERCPU_REF_ALLOW_REINIT",
    ),
    kept(
      "switch_to_percpu: dying, takes place at the reinit",
      MODE.INIT_ATOMIC,
      `kill(r); switch_to_percpu(r); is_zero(r); reinit(r); put(r); is_zero(r)`,
      [1, 0, 0, 0],
    ),
    kept(
      "switch_to_atomic: keeps every reference",
      MODE.ALLOW_REINIT,
      `boot get_many(r, 5); cpu1 put_many(r, 2); switch_to_atomic_sync(r); put_many(r, 3); kill(r); released(r); ` +
        `schedule:; cpu1 until end; cpu0 until end`,
      [1],
    ),
    kept(
      "switch_to_atomic: confirms once",
      MODE.ALLOW_REINIT,
      `switch_to_atomic(r); confirmed(r)`,
      [1],
    ),
    kept(
      "switch_to_atomic: mixed with kill and reinit",
      MODE.ALLOW_REINIT,
      `switch_to_atomic_sync(r); kill(r); released(r); reinit(r); switch_to_percpu(r); get(r); kill(r); released(r)`,
      [1, 0, 0, 0, 0, 1],
    ),
    kept(
      "switch_to_atomic: waits for the switch before",
      MODE.ALLOW_REINIT,
      `cpu1 reader(r); switch_to_atomic(r); switch_to_atomic(r); confirmed(r); schedule:; cpu1 until user_reader: atomic_read; cpu0 until end`,
      [2],
    ),
    broken(
      "reinit: of a ref that is not zero",
      MODE.ALLOW_REINIT,
      `get(r); kill(r); reinit(r)`,
      "WARNING in do_reinit: percpu_ref_reinit() of a ref that is not zero",
    ),
    broken(
      "reinit: of a live ref",
      MODE.ALLOW_REINIT,
      `reinit(r)`,
      "WARNING in do_reinit: percpu_ref_reinit() of a ref that is not zero",
    ),
    kept(
      "reinit: from zero, to one reference",
      MODE.ALLOW_REINIT,
      `kill(r); reinit(r); tryget_live(r); put(r); kill(r); released(r)`,
      [1, 0, 0, 2],
    ),
    broken(
      "resurrect: of a live ref",
      MODE.ALLOW_REINIT,
      `resurrect(r)`,
      "WARNING in do_resurrect: percpu_ref_resurrect() of a live ref",
    ),
    broken(
      "resurrect: after exit",
      MODE.ALLOW_REINIT,
      `kill(r); exit(r); resurrect(r)`,
      "percpu_ref: use after exit in do_resurrect",
    ),
    kept(
      "resurrect: undoes the kill",
      MODE.ALLOW_REINIT,
      `get(r); kill(r); resurrect(r); tryget_live(r); put(r); put(r); kill(r); released(r)`,
      [1, 0, 0, 0, 1],
    ),
    {
      name: "init: fails without memory",
      reason: "a ref is not made then, so that no rule of use applies; see percpu_ref_test.ts",
    },
  ],
});
