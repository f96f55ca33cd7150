/**
 * A classification task over all of a finite set of examples. An input is a 0/1 vector with two ones,
 * given by their places: two one-hots beside each other, as for any operation on two symbols. A matrix
 * product with it is the sum of two columns.
 */
export interface Task {
  /** As on the command line, e.g. `"modular-addition"`. */
  readonly name: string;
  /** Numbers that identify the task, e.g. `{ p: 113 }`; they travel into the history. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Length of the input vector. */
  readonly inputs: number;
  /** Number of labels. */
  readonly classes: number;
  /** Number of examples. */
  readonly examples: number;
  /** [examples, 2]: places of the two ones, each below `inputs`, distinct. */
  readonly places: Uint32Array;
  /** [examples]: each below `classes`. */
  readonly labels: Uint32Array;
}
