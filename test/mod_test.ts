/** The public module: what it loads, and its examples, which are run as a user would run them. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { deno, read, root } from "./documentation.ts";

interface Graph {
  modules: { specifier: string; dependencies?: { code?: { specifier: string } }[] }[];
}

/** All modules that loading `mod.ts` loads; imports of types are not followed. */
async function loadedByMod(): Promise<string[]> {
  const { modules } = JSON.parse((await deno("info", "--json", "mod.ts")).text) as Graph;
  const seen = new Set<string>();
  const queue = [new URL("mod.ts", root).href];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const module = modules.find(({ specifier }) => specifier === next);
    for (const { code } of module?.dependencies ?? []) if (code) queue.push(code.specifier);
  }
  return [...seen].filter((url) => url.startsWith(root.href)).map((url) =>
    url.slice(root.href.length)
  );
}

Deno.test("mod.ts loads nothing that needs the machine's memory", async () => {
  const loaded = await loadedByMod();
  assert(loaded.includes("src/prog/parse.ts"));
  assertEquals(loaded.filter((path) => !/^(mod\.ts|src\/(prog|report)\/)/.test(path)), []);
});

Deno.test("mod.ts's examples run without any permission", async () => {
  const files = (await loadedByMod()).filter((path) => read(path).includes("```ts"));
  const { code, text } = await deno("test", "--no-prompt", "--doc", ...files);
  assertEquals(code, 0, text);
  assertMatch(text, /ok \| \d\d passed \| 0 failed/);
});

Deno.test("mod.ts's functions and constants all have an example", async () => {
  const module = await import("../mod.ts");
  const texts = (await loadedByMod()).map(read);
  for (const name of Object.keys(module)) {
    const documented = texts.some((text) => {
      const at = text.search(
        new RegExp(`^export (function|const|class|abstract class) ${name}\\b`, "m"),
      );
      return at >= 0 && /\* ```\n \*\/\n$/.test(text.slice(0, at));
    });
    assert(documented, `${name} has no example`);
  }
});
