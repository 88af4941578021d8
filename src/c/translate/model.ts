/**
 * What the translation has to know of the model. It comes from outside: this folder imports nothing of
 * the machine.
 *
 * @module
 */

/** A function of the model that a patch can replace. */
export interface ModelFunction {
  readonly name: string;
  /** Number of its parameters. */
  readonly arity: number;
  /** The file that defines it. */
  readonly file: string;
}

export interface Model {
  /** Name and URL of the module that exports it. */
  readonly exports: ReadonlyMap<string, string>;
  readonly functions: ReadonlyMap<string, ModelFunction>;
  /** The fields of each structure. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
}
