import { dInOf, type Network, type Substitution } from "../../model/index.ts";
import { identity, type Matrix, ShapeError } from "../../tensor/index.ts";
import { type Arithmetic, applied, diagonalOf, float64, wholeOf } from "./arithmetic.ts";
import { type AttentionTrace, attentionTrace } from "./attention.ts";
import { attentionBlocks } from "./attention-blocks.ts";
import { type BilinearTrace, bilinearBlocks, bilinearTrace } from "./bilinear.ts";
import { Blocks, type Which } from "./blocks.ts";
import { type Stages, stagesOf } from "./stages.ts";

type Trace = BilinearTrace | AttentionTrace;

/** What comes out: the whole joint covariance, or what the inner product needs of it. */
export type Wanted = "covariance" | "product";

/** A network as pairs see it: walked by itself once. */
export interface Walked {
  readonly positions: number;
  /** [d, k] with x = mean + start·w at the first wire that is not linear in the input. */
  readonly start: Matrix;
  readonly traces: readonly Trace[];
  /** [positions][out]: expected outputs. */
  readonly means: readonly Float64Array[];
  /** Its covariance with itself at the end, see {@link walkedWith}. */
  readonly covariance: Blocks;
}

export async function walked(
  network: Network,
  positions: number,
  substitution: Substitution | undefined,
  wanted: Wanted,
  arithmetic: Arithmetic,
): Promise<Walked> {
  const { before, stages } = await stagesOf(network, arithmetic);
  const { start, mean } = await startOf(network, before, substitution, arithmetic);
  let means: readonly Float64Array[] = new Array<Float64Array>(positions).fill(mean);
  const kinds = stages.map(({ layer }) => layer.kind);
  let blocks = await firstBlocks(start, start, positions, kinds, wanted, arithmetic);
  const traces: Trace[] = [];
  try {
    for (const [k, { layer, after }] of stages.entries()) {
      const trace =
        layer.kind === "bilinear"
          ? await bilinearTrace({ layer, after }, means, blocks, arithmetic)
          : await attentionTrace(
              { layer, after },
              means,
              blocks,
              kinds.indexOf("attention") === k,
              arithmetic,
            );
      traces.push(trace);
      blocks = await mapped(trace, trace, blocks, whichAfter(kinds, k, wanted), {
        arithmetic,
        last: k === stages.length - 1 && wanted === "product",
      });
      means = trace.means;
    }
  } catch (error) {
    released({ traces });
    throw error;
  }
  return { positions, start, traces, means, covariance: blocks };
}

/** The covariance of the outputs of two networks, walked for the same things. */
export async function walkedWith(
  a: Walked,
  b: Walked,
  wanted: Wanted,
  arithmetic: Arithmetic,
): Promise<Blocks> {
  if (a === b) return a.covariance;
  const kinds = a.traces.map(({ kind }) => kind);
  let blocks = await firstBlocks(a.start, b.start, a.positions, kinds, wanted, arithmetic);
  for (const [k, trace] of a.traces.entries()) {
    blocks = await mapped(trace, b.traces[k]!, blocks, whichAfter(kinds, k, wanted), {
      arithmetic,
      last: k === kinds.length - 1 && wanted === "product",
    });
  }
  return blocks;
}

/** Frees what an engine holds of a network. */
export function released({ traces }: Pick<Walked, "traces">): void {
  for (const trace of traces) if (trace.kind === "attention") trace.held.release();
}

/** Inner product of each output: E[f_a · f_b] = Σ_t Cov(f_a[t], f_b[t]) + m_a[t] m_b[t]. */
export function slicesOf(a: Walked, b: Walked, covariance: Blocks): Float64Array {
  const slices = new Float64Array(a.means[0]!.length);
  for (const block of covariance.list) {
    for (let o = 0; block && o < slices.length; o++) slices[o]! += block.data[o]!;
  }
  for (const [t, mean] of a.means.entries()) {
    const other = b.means[t]!;
    for (let o = 0; o < slices.length; o++) slices[o]! += mean[o]! * other[o]!;
  }
  return slices;
}

async function startOf(
  network: Network,
  before: Stages["before"],
  substitution: Substitution | undefined,
  { times }: Arithmetic,
): Promise<{ start: Matrix; mean: Float64Array }> {
  const first = network.layers[0]!;
  if (!substitution) {
    if (before) return { start: before.weight, mean: before.bias };
    const d = dInOf(first);
    return { start: identity(d), mean: new Float64Array(d) };
  }
  const factor = float64(substitution.factor);
  const mean = Float64Array.from(substitution.mean);
  if (!before) return { start: factor, mean };
  return {
    start: await times(before.weight, factor),
    mean: applied(before.weight, mean, before.bias),
  };
}

/** Independent positions, all alike. */
async function firstBlocks(
  a: Matrix,
  b: Matrix,
  positions: number,
  kinds: readonly Trace["kind"][],
  wanted: Wanted,
  arithmetic: Arithmetic,
): Promise<Blocks> {
  const which = wanted === "covariance" || kinds.includes("attention") ? "all" : "same";
  const close = kinds.length === 0 && wanted === "product" ? diagonalOf : wholeOf(arithmetic);
  return Blocks.diagonal(which, positions, await close(a, b));
}

/** The blocks that layers after stage k still ask for. */
function whichAfter(kinds: readonly Trace["kind"][], k: number, wanted: Wanted): Which {
  if (wanted === "covariance" || kinds.includes("attention", k + 1)) return "all";
  return k === kinds.length - 1 && kinds[k] === "attention" ? "sum" : "same";
}

function mapped(
  a: Trace,
  b: Trace,
  blocks: Blocks,
  which: Which,
  { arithmetic, last }: { arithmetic: Arithmetic; last: boolean },
): Promise<Blocks> {
  const close = last ? diagonalOf : wholeOf(arithmetic);
  if (a.kind === "bilinear" && b.kind === "bilinear") {
    return bilinearBlocks(a, b, blocks, which === "all" ? "all" : "same", close, arithmetic);
  }
  if (a.kind === "attention" && b.kind === "attention") {
    return attentionBlocks(a, b, blocks, which, close, arithmetic);
  }
  throw new ShapeError(
    `Cannot compare networks by closure: expected layers of one kind, found ${a.kind} and ${b.kind}`,
  );
}
