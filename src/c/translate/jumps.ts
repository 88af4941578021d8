/**
 * Labels and gotos, as blocks and loops with labels.
 *
 * A goto forwards leaves a block that ends where the label stands; a goto backwards begins a loop anew
 * that starts there. C that jumps in another way is not understood.
 *
 * @module
 */
import type { Node } from "../front/language.ts";

/** How the gotos to one label are written. */
export interface Jump {
  readonly label: string;
  readonly how: "break" | "continue";
}

/** The statement behind a label, and the labels before it. */
export function unlabelled(node: Node): { labels: string[]; rest: Node[] } {
  const labels: string[] = [];
  let rest: Node[] = [node];
  while (rest[0]?.type === "labeled_statement") {
    const [first] = rest;
    labels.push(first.childForFieldName("label")!.text);
    rest = first.namedChildren.slice(1).filter((c): c is Node =>
      c !== null && c.type !== "comment"
    );
  }
  return { labels, rest };
}

/** Whether something in these statements jumps to a label. */
export function jumpsTo(nodes: readonly Node[], label: string): boolean {
  return nodes.some((node) =>
    node.descendantsOfType("goto_statement")
      .some((g) => g!.childForFieldName("label")!.text === label)
  );
}

/** One step: a label among statements, what is before it, and what comes from it on. */
export interface Split {
  readonly label: string;
  readonly before: Node[];
  readonly after: Node[];
  readonly backwards: boolean;
  readonly forwards: boolean;
}

/**
 * Split statements at a label: at the first to which something jumps back, since its loop holds all
 * that follows; else at the last. Null if there is no label among them.
 */
export function splitAtLabel(statements: readonly Node[]): Split | null {
  const flat: { label: string | null; node: Node }[] = statements.flatMap((node) => {
    const { labels, rest } = unlabelled(node);
    return [
      ...labels.map((label) => ({ label, node })),
      ...rest.map((r) => ({ label: null, node: r })),
    ];
  });
  const splits = flat.flatMap(({ label }, i) => {
    if (label === null) return [];
    const nodes = (from: number, to: number) =>
      flat.slice(from, to).filter((f) => f.label === null).map((f) => f.node);
    const before = nodes(0, i);
    const after = nodes(i, flat.length);
    return [{
      label,
      at: i,
      before,
      after,
      backwards: jumpsTo(after, label),
      forwards: jumpsTo(before, label),
    }];
  });
  if (splits.length === 0) return null;
  const chosen = splits.find((s) => s.backwards) ?? splits.at(-1)!;
  // The labels inside the halves stay.
  const at = statements.findIndex((s) => unlabelled(s).labels.includes(chosen.label));
  const { labels, rest } = unlabelled(statements[at]);
  if (labels.length > 1) return { ...chosen, before: chosen.before, after: chosen.after };
  return {
    ...chosen,
    before: statements.slice(0, at),
    after: [...rest, ...statements.slice(at + 1)],
  };
}
