/**
 * The buttons that copy a text.
 *
 * @module
 */

/** Milliseconds for which a button says what it did. */
const SAID_MS = 2000;

/** Copy the text of an element; where a page may not, select it. */
async function copy(element: HTMLElement): Promise<string> {
  try {
    await navigator.clipboard.writeText(element.textContent!);
    return "Copied";
  } catch {
    getSelection()!.selectAllChildren(element);
    return "Selected: press Ctrl+C";
  }
}

/** Let every button with `data-copy` copy the text of the element that it names. */
export function enableCopying(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    const label = button.textContent;
    button.addEventListener("click", async () => {
      button.textContent = await copy(document.getElementById(button.dataset.copy!)!);
      setTimeout(() => button.textContent = label, SAID_MS);
    });
  }
}
