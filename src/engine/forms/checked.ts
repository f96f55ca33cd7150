import type { Chain, ChainStep, LoadedChain } from "../../tensor/index.ts";
import { ShapeError } from "../../tensor/index.ts";
import { type HeldChain, requireRow } from "../chain/held.ts";
import { type StepSizes, stepsOf } from "../chain/steps.ts";

export type BilinearStep = Extract<ChainStep, { kind: "bilinear" }>;

/**
 * The one bilinear step of a chain, and its sizes.
 *
 * @throws {ShapeError} when it is not one, or its shapes do not fit
 */
export function formStep(chain: Chain): { readonly step: BilinearStep; readonly sizes: StepSizes } {
  const [sizes] = stepsOf(chain);
  const [step] = chain.steps;
  if (chain.steps.length === 1 && step?.kind === "bilinear") return { step, sizes: sizes! };
  const found = chain.steps.map(({ kind }) => kind).join(", ");
  throw new ShapeError(
    `Cannot write a chain as quadratic forms: expected one bilinear step, found ${found}`,
  );
}

/** Chains of which all pairs are taken, checked as those of a row are. */
export function requireForms<Content>(
  chains: readonly LoadedChain[],
  owner: object,
  engine: string,
): readonly HeldChain<Content>[] {
  const [first] = chains;
  return first ? requireRow<Content>(first, chains, owner, engine).bs : [];
}
