export { addNullPair, type NewUnit } from "./null-pair.ts";
export { permuteHidden } from "./permute.ts";
export { perturb } from "./perturb.ts";
export { rescaleHidden, type Scales } from "./rescale.ts";
export { randomMask, randomPermutation, randomScales, scramble } from "./samples.ts";
export { splitSquares } from "./split-squares.ts";
export { swapSides } from "./swap-sides.ts";
