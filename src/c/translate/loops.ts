/**
 * Loops that are macros in C.
 *
 * @module
 */
import type { Node } from "../front/language.ts";
import type { Expressions } from "./body.ts";
import { argumentsOf } from "./calls.ts";
import { BIND, inside } from "./value.ts";
import { structName } from "./idioms.ts";

/** The head of a loop, and what comes first in each turn. */
export interface LoopHead {
  readonly head: string;
  readonly first: readonly string[];
}

type Loop = (e: Expressions, node: Node, args: readonly Node[]) => LoopHead;

function variable(e: Expressions, node: Node): string {
  const local = e.body.locals.get(node.text);
  if (local === undefined) return e.body.error(node, `"${node.text}" is no variable`);
  local.assigned += 2;
  return local.name;
}

function cpus(e: Expressions, cpu: string): string {
  return `for (${cpu} = 0; ${cpu} < ${e.body.use("config")}.cpus; ${cpu}++)`;
}

const everyCpu: Loop = (e, _node, [cpu]) => ({ head: cpus(e, variable(e, cpu)), first: [] });

const onlineCpus: Loop = (e, _node, [cpu]) => {
  e.body.helpers.add("cpu_online");
  const name = variable(e, cpu);
  return { head: cpus(e, name), first: [`if (!cpu_online(${name})) continue;`] };
};

/** Over the list at `list`, whose entries are structures of the variable's type. */
function listLoop(e: Expressions, node: Node, entry: Node, list: string): LoopHead {
  const name = variable(e, entry);
  const { type } = e.body.locals.get(entry.text)!;
  const struct = structName(e, node, type.kind === "pointer" ? type.to : type);
  const pos = e.body.position();
  return {
    head: `for (let ${pos} = ${list}.next; ${pos} !== ${list}; ${pos} = ${pos}.next)`,
    first: [`${name} = ${e.body.use("container_of")}(${pos}, ${struct});`],
  };
}

const entries: Loop = (e, node, [entry, head]) =>
  listLoop(e, node, entry, inside(e.expression(head), BIND.call));

const children: Loop = (e, node, [entry, parent]) =>
  listLoop(e, node, entry, `${inside(e.expression(parent), BIND.call)}.children`);

const LOOPS: Readonly<Record<string, Loop>> = {
  for_each_online_cpu: onlineCpus,
  for_each_possible_cpu: everyCpu,
  for_each_node: (e, _node, [node]) => {
    const name = variable(e, node);
    const nodes = e.body.model.exports.has("NODES") ? e.body.use("NODES") : "1";
    return { head: `for (${name} = 0; ${name} < ${nodes}; ${name}++)`, first: [] };
  },
  list_for_each_entry: entries,
  list_for_each_entry_rcu: entries,
  css_for_each_child: children,
};

/** Whether the condition of a `while` stands for a loop that is a macro. */
export function isMacroLoop(node: Node): boolean {
  const call = node.childForFieldName("condition")?.namedChildren[0];
  return call?.type === "call_expression" &&
    /for_each/.test(call.childForFieldName("function")!.text);
}

/** Lists by the argument that names them. */
const LISTS: Readonly<Record<string, number>> = {
  list_for_each_entry: 1,
  list_for_each_entry_rcu: 1,
  list_for_each_entry_safe: 2,
};

/** The loop that a macro stands for; null if it goes over a list that the model does not have. */
export function macroLoop(e: Expressions, node: Node): LoopHead | null {
  const call = node.childForFieldName("condition")!.namedChildren[0]!;
  const name = call.childForFieldName("function")!.text;
  const list = name in LISTS ? argumentsOf(call)[LISTS[name]] : undefined;
  if (list !== undefined && e.expression(list).outside) return null;
  const loop = LOOPS[name];
  if (loop === undefined) return e.body.error(call, `the loop ${name}() is not understood`);
  return loop(e, call, argumentsOf(call));
}
