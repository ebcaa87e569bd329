// Browser compatible.

/**
 * Stands for a traced object where the engine shall tell when that is gone: only the object's mark leads to it. In exact mode
 * the mark is a field of the object's. (Where some objects are marked: `marks_for_some.ts`.)
 */
export class Token {
  /** The block that the object was counted in. */
  id: number;

  constructor(id: number) {
    this.id = id;
  }
}
