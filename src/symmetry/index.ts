export { type Symmetry, symmetries, symmetriesOf } from "./families/index.ts";
export { randomGauge, randomRotaryGauge } from "./gauge-samples.ts";
export { addDeadHead, rewriteDeadHeads } from "./heads/dead-heads.ts";
export { gaugeScores, type ScoreGauges } from "./heads/gauge-scores.ts";
export { gaugeValues } from "./heads/gauge-values.ts";
export type { Head, Leg, Score } from "./heads/heads.ts";
export { permuteHeads } from "./heads/permute.ts";
export { rescaleScores, type ScoreScales } from "./heads/rescale-scores.ts";
export { swapQueryKey, swapScores } from "./heads/swap-scores.ts";
export { mixUnits, shearUnits } from "./mix-units.ts";
export type { NewUnit } from "./new-unit.ts";
export { addNullPair } from "./null-pair.ts";
export { addNullUnit } from "./null-unit.ts";
export { parallelUnits } from "./parallel-units.ts";
export { permuteHidden } from "./permute.ts";
export { perturb } from "./perturb.ts";
export type { Quartic } from "./regroup/quartic.ts";
export { addRegroupedNull, regroupable } from "./regroup/regrouped-null.ts";
export {
  type RandomRegroupedPair,
  randomRegroupedPair,
  regroupedPair,
} from "./regroup/regrouped-pair.ts";
export { rescaleHidden, type Scales } from "./rescale.ts";
export { randomMask, randomPermutation, randomScales, scramble } from "./samples.ts";
export { splitSquares } from "./split-squares.ts";
export { swapSides } from "./swap-sides.ts";
export { gaugeWire } from "./wires/gauge.ts";
export { randomShift } from "./wires/random-shift.ts";
export { shiftWire } from "./wires/shift.ts";
export { innerStreams, type Stream } from "./wires/stream.ts";
