/// <reference lib="deno.unstable" />
/** What a source file imports, and how long its functions are. Deno's own parser reads it. */

/** One function of a file. */
export interface Length {
  /** Line on which the function begins, counted from 1. */
  readonly line: number;
  readonly lines: number;
}

export interface Source {
  /** Specifiers as written, each once: static, dynamic and re-exports, types included. */
  readonly imports: readonly string[];
  readonly functions: readonly Length[];
}

/** `new URL("./worker.ts", import.meta.url)`: how a Worker is named. */
function moduleUrl(node: Deno.lint.NewExpression): string | undefined {
  const [path, base] = node.arguments;
  if (node.callee.type !== "Identifier" || node.callee.name !== "URL") return undefined;
  if (path?.type !== "Literal" || typeof path.value !== "string") return undefined;
  if (base?.type !== "MemberExpression" || !path.value.endsWith(".ts")) return undefined;
  return base.object.type === "MetaProperty" ? path.value : undefined;
}

/** Reads one file; `name` tells the parser that it is TypeScript. */
export function readSource(name: string, text: string): Source {
  const imports = new Set<string>();
  const functions: Length[] = [];
  const starts = [...text.matchAll(/^/gm)].map(({ index }) => index);
  const lineOf = (offset: number) => starts.findLastIndex((start) => start <= offset) + 1;
  const measure = ({ range: [from, to] }: { range: [number, number] }) => {
    const line = lineOf(from);
    functions.push({ line, lines: lineOf(to - 1) - line + 1 });
  };
  const visitor: Deno.lint.LintVisitor = {
    ImportDeclaration: ({ source }) => void imports.add(source.value),
    ExportAllDeclaration: ({ source }) => void imports.add(source.value),
    ExportNamedDeclaration: ({ source }) => void (source !== null && imports.add(source.value)),
    ImportExpression({ source }) {
      if (source.type === "Literal") imports.add(String(source.value));
    },
    TSImportType({ argument }) {
      if (argument.type !== "TSLiteralType" || argument.literal.type !== "Literal") return;
      imports.add(String(argument.literal.value));
    },
    NewExpression(node) {
      const path = moduleUrl(node);
      if (path !== undefined) imports.add(path);
    },
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  };
  Deno.lint.runPlugin(
    { name: "structure", rules: { read: { create: () => visitor } } },
    name,
    text,
  );
  return { imports: [...imports], functions };
}
