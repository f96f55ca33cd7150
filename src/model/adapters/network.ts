import type { Network, Weights } from "../network.ts";
import type { Adapter } from "./adapter.ts";
import { chosenFit } from "./choice.ts";
import type { Fit } from "./fit.ts";
import { builtLayer } from "./layer.ts";
import type { Settings } from "./settings.ts";

/**
 * The network that `weights` hold, read by `adapter`, or by the one of `adapters` that fits.
 *
 * @param settings - what the tensors do not hold: heads, rotary base, residual and so on. They go before
 * what the adapter says, and that before what the checkpoint's metadata says
 * @throws {AdapterError} when the adapter, or every adapter, does not fit: names the tensors that are
 * missing, left over or of the wrong shape and the settings to give, for the nearest adapter; when several
 * fit and read different networks; when a setting has a value that it cannot have
 */
export function networkFrom(
  weights: Weights,
  adapter?: Adapter | readonly Adapter[],
  settings?: Settings,
): Network {
  return builtNetwork(weights, chosenFit(weights, adapter, settings));
}

/** Reads the tensors of a fit that fits into a network. */
export function builtNetwork(weights: Weights, { layers, nContext }: Fit): Network {
  return {
    layers: layers.map((layer) => builtLayer(weights, layer)),
    ...(nContext !== undefined && { nContext }),
  };
}
