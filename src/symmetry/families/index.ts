import type { Network } from "../../model/index.ts";
import { attentionFamilies } from "./attention.ts";
import { bilinearFamilies } from "./bilinear.ts";
import type { Symmetry } from "./symmetry.ts";
import { wireFamilies } from "./wires.ts";

export type { Symmetry } from "./symmetry.ts";

/**
 * The known ways to change the weights of a network and not its function, from permuting hidden units to
 * rewriting dead heads. Which comparisons see them tells what the comparisons compare.
 */
export const symmetries: readonly Symmetry[] = [
  ...bilinearFamilies,
  ...wireFamilies,
  ...attentionFamilies,
];

/** The {@link symmetries} that a network has. */
export function symmetriesOf(network: Network): Symmetry[] {
  return symmetries.filter((symmetry) => symmetry.applies(network));
}
