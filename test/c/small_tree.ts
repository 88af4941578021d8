/** A tree of a few files, in kernel style, and a model of a few functions, for tests. */
import { type Choice, configuration } from "../../src/c/front/config.ts";
import { loadC } from "../../src/c/front/language.ts";
import { Tree } from "../../src/c/front/tree.ts";
import type { Model } from "../../src/c/translate/model.ts";
import { textOf } from "../../src/c/translate/lines.ts";
import { translateOne } from "../../src/c/translate/translate.ts";

const MAKEFILE = "VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 3\n";

/** A tree with one file, `lib/pot.c`. */
export async function treeOf(c: string, choice: Choice = {}): Promise<Tree> {
  const files: Record<string, string> = { Makefile: MAKEFILE, "lib/pot.c": c };
  const read = (path: string) => files[path] ?? null;
  const parse = await loadC();
  return new Tree(read, parse, configuration(choice), [{
    path: "lib/pot.c",
    needed: true,
    functions: true,
  }]);
}

/** What the structures of these tests look like in C. */
export const POT = `
struct pot {
	unsigned int	beans;
	u16		lid;
	bool		hot;
	int		temperature;
	atomic_t	users;
	spinlock_t	lock;
	struct pot	*next;
	struct list_head spoons;
	unsigned long	flags;
	bool		stirred:1;
	void		(*stir)(struct pot *pot);
};
`;

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

const EXPORTS = words(`READ_ONCE WRITE_ONCE xchg atomic_add atomic_read atomic_sub atomic_add_return
  spin_lock spin_unlock spin_lock_irqsave spin_unlock_irqrestore container_of pot pots WARN_ON_ONCE
  config array_load array_store test_and_set_bit this_cpu_ptr ENOMEM SMALL`);

/** A model with struct pot and these functions besides primitives: name to number of parameters. */
export function modelOf(functions: Readonly<Record<string, number>> = {}): Model {
  return {
    exports: new Map(EXPORTS.map((name) => [name, `file:///model/${name}.ts`])),
    functions: new Map(
      Object.entries(functions).map(([name, arity]) => [name, { name, arity, file: "model.ts" }]),
    ),
    fields: new Map([[
      "pot",
      new Set(words("beans lid hot temperature users lock next spoons flags stirred stir")),
    ]]),
  };
}

/** The statements that a function becomes. */
export async function translated(
  c: string,
  name = "f",
  model: Model = modelOf(),
  choice: Choice = {},
): Promise<string> {
  const tree = await treeOf(POT + c, choice);
  return textOf(translateOne(tree, model, name)!.lines);
}
