export { chainOf, type ScaledChain } from "./chain.ts";
export { type ChainPlan, chainPlan, needsPadding } from "./chain-plan.ts";
export { checkNetwork, type NetworkSizes } from "./check.ts";
export { describeNetwork } from "./describe-network.ts";
export type * from "./network.ts";
export { outputs } from "./outputs.ts";
export { type Parameter, parameterCount, parameters } from "./parameters.ts";
export { type RandomBilinear, randomBilinear } from "./random-bilinear.ts";
export { type StandardForm, type Substitution, standardForm } from "./standard-form.ts";
