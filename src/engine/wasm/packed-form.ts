/** Where a packed step lies, and the exponent taken out of it once it is packed. */
export interface PackedForm {
  readonly left: number;
  readonly right: number;
  readonly down: number;
  readonly exponent: Promise<number>;
}
