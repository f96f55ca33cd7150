import { sharedEngine } from "../../src/engine/index.ts";
import "../../src/engine/node/index.ts";
import {
  builtNetwork,
  checkNetwork,
  describeNetwork,
  type Fit,
  type NetworkSizes,
  parameterCount,
  type Weights,
} from "../../src/model/index.ts";
import { type Choice, explain } from "../../src/similarity/index.ts";

/** The network that an adapter makes of a file. */
export interface InspectedNetwork {
  readonly adapter: string;
  /** In a line, e.g. `"226 → bilinear 64 → 113"`. */
  readonly layers: string;
  readonly parameters: number;
  /** Settings it is made with, and who gave them. */
  readonly settings: Fit["settings"];
  /** Absent when it cannot be used. */
  readonly sizes?: NetworkSizes;
  /** The metric by which two such networks are compared when none is named. */
  readonly metric?: string;
  /** What can be told of every metric for two such networks, those that apply first. */
  readonly metrics: readonly Choice[];
  /** Why it cannot be used, a sentence, e.g. when a weight is NaN. */
  readonly fault?: string;
}

export async function inspectedNetwork(weights: Weights, fit: Fit): Promise<InspectedNetwork> {
  const network = builtNetwork(weights, fit);
  const about = {
    adapter: fit.adapter.name,
    layers: describeNetwork(network),
    parameters: parameterCount(network),
    settings: fit.settings,
  };
  try {
    const sizes = checkNetwork(network);
    const { chosen, choices } = await explain(network, network);
    return { ...about, sizes, ...(chosen.applies && { metric: chosen.measure }), metrics: choices };
  } catch (error) {
    if (!(error instanceof RangeError) && !(error instanceof TypeError)) throw error;
    return { ...about, metrics: [], fault: error.message };
  } finally {
    await (await sharedEngine()).dispose();
  }
}
