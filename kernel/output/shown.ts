/** Something shown, to be shown anew. As the value of an execution it is not shown a second time. */
export class Shown {
  readonly id: string;
  /** Shows another value in its place. */
  readonly update: (value: unknown) => void;

  constructor(id: string, update: (value: unknown) => void) {
    this.id = id;
    this.update = update;
  }
}
