/**
 * What a measurement has come to so far: kept in a file if there is one, a line of JSON for each key,
 * so that it can be interrupted and gone on with.
 *
 * @module
 */

export class Saved<T> {
  readonly #all = new Map<string, T>();

  constructor(readonly file: string | undefined) {
    for (const line of this.#lines()) {
      const { key, value } = JSON.parse(line);
      this.#all.set(key, value);
    }
  }

  get(key: string): T | undefined {
    return this.#all.get(key);
  }

  has(key: string): boolean {
    return this.#all.has(key);
  }

  /** The value of a key from now on. */
  set(key: string, value: T): void {
    this.#all.set(key, value);
    if (this.file === undefined) return;
    Deno.writeTextFileSync(this.file, JSON.stringify({ key, value }) + "\n", { append: true });
  }

  #lines(): string[] {
    if (this.file === undefined) return [];
    try {
      return Deno.readTextFileSync(this.file).split("\n").filter((line) => line !== "");
    } catch (e) {
      if (e instanceof Deno.errors.NotFound) return [];
      throw e;
    }
  }
}
