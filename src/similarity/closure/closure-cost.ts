import {
  type AttentionLayer,
  type BilinearLayer,
  dInOf,
  dOutOf,
  looksAt,
  type Network,
} from "../../model/index.ts";
import type { Program } from "../../tensor/index.ts";
import { type AttentionShape, isSquared } from "./attention-shape.ts";
import { macsOf } from "./macs.ts";
import { heldBytes, omegaPlan, programFor, tenLegsOf } from "./omega-plan.ts";

/** Multiplications with an addition, steps of programs and bytes. */
export interface ClosureCost {
  /** In products, large and small. */
  readonly macs: number;
  /** Steps of programs, products among them: what counts where matrices are tiny. */
  readonly steps: number;
  /** What stays of a preparation; of a pair, what it needs for itself. */
  readonly bytes: number;
}

/** What the closure of two networks of one size takes. */
export interface ClosureCosts {
  /** Once for a network, its inner product with itself left out: that is a pair. */
  readonly preparation: ClosureCost;
  readonly pair: ClosureCost;
}

/** A layer that is not linear, as the walk meets it. */
interface Met<Layer> {
  readonly layer: Layer;
  readonly d: number;
  /** Outputs of the layer and of the linear maps after it. */
  readonly out: number;
  readonly n: number;
  /** Whether positions are independent and alike. */
  readonly alike: boolean;
  /** Whether the wire has means. */
  readonly shifted: boolean;
  readonly last: boolean;
  /** Whether pairs of positions are asked for behind it. */
  readonly all: boolean;
}

const nothing: ClosureCost = { macs: 0, steps: 0, bytes: 0 };

/**
 * Counted from the shapes of a network alone. One layer of attention of H heads of width w takes in its Ω
 * alone H² w³ times 248, and 64 or 76 for each further distance of query and key; behind other attention
 * 248 for each query position of a pair with each two of the keys it looks at.
 *
 * @param shifted - whether inputs have a mean
 */
export function closureCosts(network: Network, positions: number, shifted = false): ClosureCosts {
  const { layers } = network;
  const kinds = layers.map(({ kind }) => kind);
  const lastOf = (kind: string) => kinds.lastIndexOf(kind as "attention");
  const last = Math.max(lastOf("attention"), lastOf("bilinear"));
  const costs: ClosureCosts[] = [];
  let [alike, means] = [true, shifted];
  for (const [k, layer] of layers.entries()) {
    if (layer.kind === "linear") {
      means ||= layer.bias !== undefined;
      if (last === -1) costs.push(linear(dInOf(layer), dOutOf(layer)));
      continue;
    }
    const next = kinds.findIndex((kind, i) => i > k && kind !== "linear");
    const out = dOutOf(layers[(next === -1 ? layers.length : next) - 1]!);
    const all = kinds.includes("attention", k + 1);
    const at = { d: dInOf(layer), out, n: positions, alike, shifted: means, last: k === last, all };
    if (layer.kind === "bilinear") {
      costs.push(bilinear({ layer, ...at }));
      means = true;
    } else {
      means ||= [layer.query1Bias, layer.key1Bias, layer.query2Bias, layer.key2Bias].some(Boolean);
      costs.push(attention({ layer, ...at, shifted: means }));
      alike = false;
    }
  }
  return {
    preparation: sum(costs.map(({ preparation }) => preparation)),
    pair: sum(costs.map(({ pair }) => pair)),
  };
}

function sum(costs: readonly ClosureCost[]): ClosureCost {
  return costs.reduce(
    (total, { macs, steps, bytes }) => ({
      macs: total.macs + macs,
      steps: total.steps + steps,
      bytes: total.bytes + bytes,
    }),
    nothing,
  );
}

function linear(d: number, out: number): ClosureCosts {
  return {
    preparation: { macs: 0, steps: 0, bytes: 8 * d * out },
    pair: { macs: d * out, steps: 0, bytes: 0 },
  };
}

/** Four Gram matrices of the units, and D … Dᵀ, for each place that differs. */
function bilinear({ layer, d, out, n, alike, last, all }: Met<BilinearLayer>): ClosureCosts {
  const m = layer.left.shape[0];
  const places = alike ? 1 : all ? n * n : n;
  const close = out * m * m + (last ? out * m : out * out * m);
  const through = layer.residual ? out * d * (d + (last ? 1 : out)) : 0;
  const macs = places * (2 * m * d * d + 4 * m * m * d + close + through);
  return {
    preparation: { macs: m * d * d, steps: 0, bytes: 8 * (2 * m * d + out * m) },
    pair: { macs, steps: 0, bytes: 8 * (5 * m * m + places * out * out) },
  };
}

function attention(met: Met<AttentionLayer>): ClosureCosts {
  const { layer, d, out, n, alike, shifted, last, all } = met;
  const { heads, mask = "causal", residual, rotaryBase } = layer;
  const rows = layer.query1.shape[0];
  const width = rows / heads;
  const turning = rotaryBase !== undefined;
  const shape = { heads, width, mask, turning, alike, shifted, squared: isSquared(layer) };
  const keys = Array.from({ length: n }, (_, t) => keysOf(layer, t, n));
  const seen = keys.reduce((total, count) => total + count, 0);

  const copies = alike ? 1 : n;
  const joined = alike ? 1 : seen;
  const own: ClosureCost = {
    macs: rows * d * (copies * 3 * (d + width) + copies * 2 * width + joined * 3 * (d + 2 * width)),
    steps: 2 * heads * (2 * copies + joined),
    bytes:
      8 * (5 * rows * d * (copies + 1) + out * rows + rows * width * (5 * copies + 6 * joined)),
  };

  const targets = all ? n * n : last ? 1 : n;
  const omega = alike
    ? alikeOmega(shape, n, all ? "all" : last ? "sum" : "same")
    : apartOmega(shape, all ? seen * seen : keys.reduce((total, count) => total + count ** 2, 0));
  const places = alike ? 1 : n * n;
  // Of the last layers queries meet at one position, and keys of another network only what they look at.
  const [halves, grams] =
    all || alike
      ? [5 * places, 25 * places]
      : [2 * seen + 3 * places, 4 * n + 12 * seen + 9 * places];
  const between = halves * rows * d * d + grams * rows * rows * d;
  const close = targets * out * rows * (rows + (last ? 1 : out));
  const blocks = alike ? targets : all ? n * seen : seen;
  const through = residual ? 2 * blocks * out * d * (d + (last ? 1 : out)) : 0;
  const legs = Math.max(
    Math.min(heldBytes, 8 * grams * rows * rows),
    (8 * grams * rows ** 2) / heads,
  );
  return {
    preparation: own,
    pair: {
      macs: omega.macs + between + close + through,
      steps: omega.steps,
      bytes: legs + 8 * (places * d * d + targets * (rows * rows + (last ? out : out * out))),
    },
  };
}

function keysOf({ mask }: AttentionLayer, t: number, n: number): number {
  let count = 0;
  for (let u = 0; u < n; u++) if (looksAt(mask, t, u)) count++;
  return count;
}

interface Work {
  readonly macs: number;
  readonly steps: number;
}

function runs(program: Program | undefined, count: number): Work {
  return program
    ? { macs: count * macsOf(program), steps: count * program.steps.length }
    : { macs: 0, steps: 0 };
}

function alikeOmega(shape: AttentionShape, n: number, which: "all" | "same" | "sum"): Work {
  const work = omegaPlan(shape, shape, n, which).batches.map(({ program, sums }) => {
    const groups = sums.reduce((total, one) => total + one.groups.length, 0);
    return runs(program, groups * shape.heads ** 2);
  });
  return {
    macs: work.reduce((total, { macs }) => total + macs, 0),
    steps: work.reduce((total, { steps }) => total + steps, 0),
  };
}

function apartOmega(shape: AttentionShape, groups: number): Work {
  const legs = tenLegsOf(shape, shape, { t: 0, u: 0, t2: 0, u2: 0 });
  return runs(programFor(legs), groups * shape.heads ** 2);
}
