import fc from "fast-check";
import { expect, test } from "vitest";
import { chainOf, type Layer, type Network } from "../../../src/model/index.ts";
import { chainSizes } from "../../../src/similarity/plan/chain-sizes.ts";
import type { ChainStep } from "../../../src/tensor/index.ts";
import { networks } from "../../support/networks.ts";

function sizes(step: ChainStep) {
  if (step.kind === "linear") {
    const [outputs, inputs] = step.weight.shape;
    return { kind: "linear", inputs, hidden: 0, outputs };
  }
  const [hidden, inputs] = step.left.shape;
  return { kind: "bilinear", inputs, hidden, outputs: step.down.shape[0] };
}

const forms: Layer["kind"][][] = [
  ["linear"],
  ["linear", "linear"],
  ["bilinear"],
  ["linear", "bilinear"],
  ["bilinear", "linear"],
  ["linear", "linear", "bilinear", "linear", "bilinear", "linear", "linear"],
];
const choices = [false, true].flatMap((padded) =>
  [false, true].flatMap((lead) => [false, true].map((head) => ({ padded, lead, head }))),
);

test.for(forms)("the sizes are those of the chain that is built: %s", (...[kinds]) => {
  const drawn: fc.Arbitrary<Network> = networks([kinds].flat() as Layer["kind"][], 2, 3);
  fc.assert(
    fc.property(drawn, (network) => {
      for (const plan of choices) {
        const { steps } = chainOf(network, plan);
        expect(chainSizes(network, plan)).toEqual(steps.map(sizes));
      }
    }),
    { numRuns: 30 },
  );
});
