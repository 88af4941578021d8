/**
 * The frame of a page: one file with its style, its data and its program.
 *
 * @module
 */

/** The parts of a page. */
export interface Frame {
  readonly title: string;
  /** HTML. */
  readonly body: string;
  /** The data of the program, deflated, in base64. */
  readonly data: string;
  /** The program's name in view/bundle/. */
  readonly program: string;
  /** Whether the page may ask the server that it comes from. */
  readonly connect?: boolean;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text, as HTML. */
export function text(t: string): string {
  return t.replace(/[&<>"']/g, (c) => ENTITIES[c]);
}

const part = (name: string) => Deno.readTextFileSync(new URL(name, import.meta.url));

/** No page loads anything: neither a script of somebody else nor a picture. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; " +
  "img-src data:";

/** A whole page. */
export function html({ title, body, data, program, connect }: Frame): string {
  // What ends a script ends it also inside of a text.
  const script = part(`./view/bundle/${program}.js`).replaceAll("</script", "<\\/script");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}${
    connect ? "; connect-src 'self'" : ""
  }">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${text(title)}</title>
<style>
${part("./view/style.css")}</style>
</head>
<body>
<main>
${body}
</main>
<script id="data" type="text/plain">${data}</script>
<script type="module">
${script}</script>
</body>
</html>
`;
}
