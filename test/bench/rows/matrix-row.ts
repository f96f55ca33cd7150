import { explain, type Network, type Plan, similarityMatrix } from "../../../src/index.node.ts";
import { processorSeconds } from "../support/gemm-peak.ts";
import { peerTensors } from "../support/weights.ts";
import type { Row } from "./row.ts";

/** Sizes as peer_bench.py has them. */
export interface MatrixSizes {
  readonly count: number;
  readonly hidden: number;
  /** Inputs of a bilinear layer. */
  readonly wire: number;
  readonly outputs: number;
  /** Where there is an embedding before the layers and a head behind them. */
  readonly stack?: { readonly inputs: number; readonly layers: number };
}

/** The similarity matrix of a series of networks with the weights of the peer. */
export function matrixRow(name: string, title: string, sizes: MatrixSizes): Row {
  return {
    name,
    title,
    peer: ["--size", name, "--n", String(sizes.count)],
    async measure({ engine, precision, share }) {
      const few = Math.max(2, Math.round(sizes.count * share));
      const networks = peerTensors(shapesOf(sizes), few).map(networkOf);
      const options = { engine, precision, cache: null } as const;
      // The rest of the series is as large as what there is.
      const all = Array.from({ length: sizes.count }, (_, i) => networks[i % few]!);
      const whole = await planned(all, options);
      const part = few === sizes.count ? whole : await planned(networks, options);
      const repeats = Math.max(1, Math.min(5, Math.floor(4 / part.seconds)));
      let seconds = Number.POSITIVE_INFINITY;
      let processor = Number.POSITIVE_INFINITY;
      let sum = 0;
      for (let k = 0; k < repeats; k++) {
        const since = processorSeconds();
        const matrix = await similarityMatrix(networks, options);
        processor = Math.min(processor, processorSeconds() - since);
        seconds = Math.min(seconds, matrix.seconds);
        sum = matrix.data.reduce((total, entry) => total + entry, 0);
        if (matrix.route !== part.route)
          throw new Error(`Planned ${part.route}, took ${matrix.route}`);
      }
      const partial = few < sizes.count;
      const times = whole.flops / part.flops;
      return {
        seconds: seconds * times,
        processor: processor * times,
        flops: whole.flops,
        predicted: whole.seconds,
        route: part.route,
        ...(partial
          ? { measured: `${few} of ${sizes.count} networks, ${part.route} route` }
          : { sum }),
      };
    },
  };
}

async function planned(
  networks: readonly Network[],
  options: Parameters<typeof explain>[1] & object,
): Promise<Plan> {
  const { chosen } = await explain(networks, options as never);
  if (!chosen.applies || !chosen.plan) throw new Error("Cannot plan a row of the table");
  return chosen.plan;
}

/** Tensors in the order in which the peer draws them. */
function shapesOf({ hidden, wire, outputs, stack }: MatrixSizes): [number, number][] {
  const one = (to: number): [number, number][] => [
    [hidden, wire],
    [hidden, wire],
    [to, hidden],
  ];
  if (!stack) return one(outputs);
  const layers = Array.from({ length: stack.layers }, () => one(wire)).flat();
  return [[wire, stack.inputs], ...layers, [outputs, wire]];
}

function networkOf(tensors: ReturnType<typeof peerTensors>[number]): Network {
  const ends = tensors.length % 3 === 2;
  const inner = ends ? tensors.slice(1, -1) : tensors;
  const layers = Array.from({ length: inner.length / 3 }, (_, k) => {
    const [left, right, down] = inner.slice(3 * k, 3 * k + 3);
    return { kind: "bilinear", left: left!, right: right!, down: down! } as const;
  });
  if (!ends) return { layers };
  return {
    layers: [
      { kind: "linear", weight: tensors[0]! },
      ...layers,
      { kind: "linear", weight: tensors.at(-1)! },
    ],
  };
}
