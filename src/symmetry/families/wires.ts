import type { Network } from "../../model/index.ts";
import { randomGauge } from "../gauge-samples.ts";
import { gaugeWire } from "../wires/gauge.ts";
import { randomShift } from "../wires/random-shift.ts";
import { shiftWire } from "../wires/shift.ts";
import { innerStreams, streamOf } from "../wires/stream.ts";
import { placed, type Symmetry } from "./symmetry.ts";

/** Those of the wires between layers. */
export const wireFamilies: readonly Symmetry[] = [
  placed({
    family: "S7",
    name: "gaugeWire",
    change:
      "the wires between layers in other coordinates, those that residuals tie together in the same",
    needs: "a wire between layers that no residual ties to the inputs or outputs",
    keepsShapes: true,
    places: (network) => innerStreams(network).map(({ from }) => from),
    at: (network, wire, random) =>
      gaugeWire(network, wire, randomGauge(streamOf(network, wire).width, random.bits())),
  }),
  placed({
    family: "S8",
    name: "shiftWire",
    change: "the numbers on wires between layers moved, and taken back by biases",
    needs: "a wire between layers with a bias, or room for one, on either side",
    keepsShapes: false,
    places: movable,
    at: (network, wire, random) => {
      const shift = randomShift(network, wire, random.bits());
      return shift ? shiftWire(network, wire, shift) : network;
    },
  }),
];

function movable(network: Network): number[] {
  return network.layers.flatMap((_, wire) =>
    wire > 0 && randomShift(network, wire, 0) ? [wire] : [],
  );
}
