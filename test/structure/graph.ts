/** Circles in a graph of files or of rooms. */

/** Each node with those that it has an arrow to. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Tarjan's search for strongly connected components, of one graph. */
class Search {
  readonly circles: string[][] = [];
  readonly #graph: Graph;
  readonly #index = new Map<string, number>();
  readonly #low = new Map<string, number>();
  readonly #stack: string[] = [];

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  visit(node: string): void {
    if (this.#index.has(node)) return;
    const index = this.#index.size;
    this.#index.set(node, index);
    this.#low.set(node, index);
    this.#stack.push(node);
    for (const next of this.#graph.get(node) ?? []) {
      this.visit(next);
      if (this.#stack.includes(next)) {
        this.#low.set(node, Math.min(this.#low.get(node)!, this.#low.get(next)!));
      }
    }
    if (this.#low.get(node) !== index) return;
    const component = this.#stack.splice(this.#stack.indexOf(node));
    if (component.length > 1 || this.#graph.get(node)?.has(node)) {
      this.circles.push(component.sort());
    }
  }
}

/** The sets of nodes that reach each other, each sorted; a node with an arrow to itself is one. */
export function circles(graph: Graph): string[][] {
  const search = new Search(graph);
  for (const node of graph.keys()) search.visit(node);
  return search.circles.sort(([a], [b]) => a < b ? -1 : 1);
}

/** The graph of what `group` puts nodes into; arrows inside a group are left out. */
export function grouped(graph: Graph, group: (node: string) => string): Graph {
  const groups = new Map<string, Set<string>>();
  for (const [node, arrows] of graph) {
    const from = group(node);
    const to = groups.get(from) ?? new Set();
    groups.set(from, to);
    for (const arrow of arrows) if (group(arrow) !== from) to.add(group(arrow));
  }
  return groups;
}

/** The part of a graph that lies in one folder; arrows that leave it are left out. */
export function within(graph: Graph, folder: string): Graph {
  const inside = (node: string) => node.startsWith(`${folder}/`);
  return new Map(
    [...graph].filter(([node]) => inside(node)).map((
      [node, arrows],
    ) => [node, new Set([...arrows].filter(inside))]),
  );
}
