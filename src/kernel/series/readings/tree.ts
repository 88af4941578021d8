/**
 * What the functions of the model were held against in one tree of the kernel.
 *
 * @module
 */

/** `FILE:FIRST-LAST DIGEST`, or `FILE:FIRST-LAST C_NAME DIGEST` where the C has another name. */
export type Reading = string;

/** A tree that was read. */
export interface Tree {
  /** The version of the model that stands for it; v5.12 and v7.2 are no versions of their own. */
  readonly kernel: string;
  /** The kernel with what the tree has from later versions: stable trees take fixes. */
  readonly expression: string;
  readonly name: string;
  /**
   * For each function the place where somebody read it, access by access, with the model beside it. The
   * digest is that of the definition in the model.
   */
  readonly read: Readonly<Record<string, Reading>>;
  /** Functions that are other functions in the tree: how, or what the model leaves out. */
  readonly differs: Readonly<Record<string, string>>;
}
