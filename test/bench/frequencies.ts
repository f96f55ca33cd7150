import {
  frequencies,
  interactionSpectrum,
  type Network,
  randomBilinear,
} from "../../src/index.node.ts";
import { fastest } from "./support/gemm-peak.ts";

const [p, hidden] = [113, 64];

export const name = `frequencies of a network for modular addition (p = ${p}, ${hidden} units)`;

export async function run(print: (line: string) => void): Promise<void> {
  const network: Network = randomBilinear({ dIn: 2 * p, dHidden: hidden, dOut: p, seed: 1 });
  const leading = await fastest(3, () => frequencies(network));
  const whole = await fastest(1, async () => {
    for (let output = 0; output < 10; output++) interactionSpectrum(network, output);
  });
  print(
    `${(leading / 1000).toFixed(3)} s for all ${p} classes; all eigenpairs of each ${((whole * p) / 10 / 1000).toFixed(2)} s, extrapolated from 10`,
  );
}
