import { randomBilinear } from "../../src/model/index.ts";

/** Two networks of one layer, of one shape outside and of four and six hidden units. */
export const small = randomBilinear({ dIn: 3, dHidden: 4, dOut: 2, seed: 1 });
export const other = randomBilinear({ dIn: 3, dHidden: 6, dOut: 2, seed: 2 });
