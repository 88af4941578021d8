/** The floor plan: who may import whom. */
import { type Graph, grouped } from "./graph.ts";
import { folderOf } from "./tree.ts";

/**
 * The folders at the top, and what each may import besides itself.
 *
 * `prog` and `report` know nothing of running; the kernel knows only the machine.
 */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  "src/c": [],
  "src/prog": [],
  "src/report": ["src/prog"],
  "src/page": ["src/prog", "src/report"],
  "src/machine": ["src/prog", "src/report"],
  "src/kernel": ["src/machine"],
  "src/sanitizers": ["src/machine", "src/prog"],
  "src/engine": ["src/prog", "src/report", "src/machine"],
  "src/cli": [
    "src/c",
    "src/prog",
    "src/report",
    "src/page",
    "src/machine",
    "src/kernel",
    "src/sanitizers",
    "src/engine",
  ],
  "fuzz": ["src/prog", "src/machine", "src/kernel"],
  "mod.ts": ["src/prog", "src/report", "src/kernel", "src/sanitizers"],
};

/**
 * The rooms of the folders that have some, lowest first: a room imports only rooms before it. "." is
 * the room of the files that lie in the folder itself.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  "src/c": ["front", ".", "translate"],
  "src/machine": [
    "layout",
    "words",
    "hooks",
    "calls",
    "findings",
    "clocks",
    "memory",
    "record",
    "context",
    "locks",
    "lockstep",
    "fibers",
    "free",
    "translate",
    ".",
  ],
  "src/page": [".", "view"],
  "src/kernel": [".", "patches", "series"],
  "src/sanitizers": [
    "accounts",
    "kasan",
    "kcsan",
    "kmemleak",
    "lockdep",
    "ownership",
    "vmstats",
    ".",
  ],
  "src/engine": ["programs", "strategies", "inputs", "triage", "campaign", "."],
  "src/cli": [
    "protocol",
    "files",
    "cpu",
    "cpu0",
    "shard",
    "hub",
    "flags",
    "parent",
    "verbs",
    ".",
  ],
};

/** What runs an input is an interface: all that the engine and the command line know of the machine. */
export const CONTRACT = "src/machine/executor.ts";

/** Files of the command line that make a machine, and what they need for it besides the contract. */
export const MAKERS: Readonly<Record<string, readonly string[]>> = {
  "src/cli/cpu/assemble.ts": [
    "src/machine/load.ts",
    "src/machine/boot.ts",
    "src/machine/calls/alternate.ts",
    "src/machine/context/handles.ts",
    "src/machine/context/operation.ts",
    "src/machine/findings/blame.ts",
    "src/machine/hooks/lifecycle.ts",
    "src/machine/hooks/shortage.ts",
    "src/machine/record/stacks.ts",
    "src/machine/words/arena.ts",
  ],
  "src/cli/cpu/watch_lines.ts": [
    "src/machine/calls/registry.ts",
    "src/machine/hooks/passages.ts",
    "src/machine/layout/registers.ts",
    "src/machine/layout/sizes.ts",
    "src/machine/memory/peek.ts",
    "src/machine/memory/struct_type.ts",
  ],
  "src/cli/cpu/worker.ts": ["src/machine/cpu_main.ts"],
  "src/cli/cpu0/points_worker.ts": ["src/machine/workers.ts"],
  "src/cli/cpu0/worker.ts": ["src/machine/scout.ts", "src/machine/workers.ts"],
  "src/cli/flags/known.ts": ["src/machine/load.ts"],
  "src/cli/parent/patch_functions.ts": ["src/machine/load.ts"],
  "src/cli/parent/targets.ts": ["src/machine/load.ts"],
  "src/cli/shard/start_machine.ts": ["src/machine/monitor.ts"],
};

/** Imports of the machine by the engine and the command line that go past the contract. */
export function pastContract(graph: Graph, makers = MAKERS): string[] {
  const bad: string[] = [];
  for (const [path, arrows] of graph) {
    if (!/^src\/(engine|cli)\//.test(path)) continue;
    for (const arrow of arrows) {
      if (!arrow.startsWith("src/machine/") || arrow === CONTRACT) continue;
      if (!makers[path]?.includes(arrow)) bad.push(`${path} imports ${arrow}`);
    }
  }
  return bad;
}

/** The folder at the top that a file belongs to; a file at the top is one of its own. */
export function topOf(path: string): string {
  const [first, second] = path.split("/");
  return first === "src" ? `${first}/${second}` : first;
}

/** The room of a file in `folder`. */
export function roomOf(path: string, folder: string): string {
  const rest = path.slice(folder.length + 1);
  return rest.includes("/") ? rest.slice(0, rest.indexOf("/")) : ".";
}

/** Arrows between the folders at the top that {@linkcode ARROWS} does not allow. */
export function badArrows(graph: Graph, allowed = ARROWS): string[] {
  const bad: string[] = [];
  for (const [path, arrows] of graph) {
    const from = topOf(path);
    if (!(from in allowed)) bad.push(`${path}: ${from} is not in the floor plan`);
    for (const arrow of arrows) {
      const to = topOf(arrow);
      if (to !== from && !allowed[from]?.includes(to)) bad.push(`${path} imports ${arrow}`);
    }
  }
  return bad;
}

/** Arrows between rooms of one folder that go up, and rooms without a place. */
export function badRooms(graph: Graph, folder: string, order = ROOMS[folder] ?? ["."]): string[] {
  const bad: string[] = [];
  for (const [path, arrows] of graph) {
    if (!path.startsWith(`${folder}/`)) continue;
    const from = order.indexOf(roomOf(path, folder));
    if (from < 0) bad.push(`${path}: the room has no place in ${folder}`);
    for (const arrow of arrows) {
      if (!arrow.startsWith(`${folder}/`)) continue;
      if (order.indexOf(roomOf(arrow, folder)) > from) bad.push(`${path} imports ${arrow}`);
    }
  }
  return bad;
}

/** The graph of folders, each without its subfolders. */
export function roomGraph(graph: Graph): Graph {
  return grouped(graph, folderOf);
}
