/**
 * The data in a page.
 *
 * @module
 */

/** What the page holds, unpacked. */
export async function inflated<T>(): Promise<T> {
  const text = document.getElementById("data")!.textContent!;
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return await new Response(stream).json();
}
