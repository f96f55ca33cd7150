import type {
  Chain,
  ChainOperation,
  ChainOptions,
  ChainRow,
  LoadedChain,
  Precision,
} from "../../tensor/index.ts";
import { HeldChain, requireRow } from "../chain/held.ts";
import { flopsOf, stepsOf } from "../chain/steps.ts";
import { inOrder } from "./ahead.ts";
import {
  type Batch,
  type BatchProducts,
  computeAtOnce,
  computeByStep,
  type Place,
} from "./batch.ts";
import { chainGraph } from "./chain-graph.ts";
import type { Graph } from "./model.ts";
import type { RemoteRunner } from "./remote.ts";
import { Slab } from "./slab.ts";

/** Runs of a row asked for ahead of their answers, so that the worker need not wait for this thread. */
const ahead = 2;

/** Operations of a run at most, some 50 ms: nothing is stopped in the midst of it. */
const longest = 8e9;

/**
 * The recursion in graphs that hold all of it for a batch of pairs, or one step of it where that is much
 * or leaves the range of the format.
 */
export class OnnxChains implements ChainOperation {
  readonly #runner: RemoteRunner;
  /** Slabs of one architecture and precision, by their description. */
  readonly #slabs = new Map<string, Slab[]>();

  /** Graphs of the whole recursion, by what they are of. */
  readonly #graphs = new Map<string, Graph>();

  constructor(runner: RemoteRunner) {
    this.#runner = runner;
  }

  async load(chain: Chain, precision: Precision): Promise<LoadedChain> {
    const steps = stepsOf(chain);
    const key = JSON.stringify([precision, steps]);
    const slabs = this.#slabs.get(key) ?? [];
    this.#slabs.set(key, slabs);
    let slab = slabs.find((one) => !one.full);
    if (!slab) {
      slab = new Slab(this.#runner, steps, precision);
      slabs.push(slab);
    }
    const own = slab;
    const slot = own.put(chain);
    return new HeldChain<Place>({
      engine: "onnx",
      owner: this,
      precision,
      steps: own.steps,
      bytes: own.bytes,
      content: { slab: own, slot },
      free: () => {
        own.remove(slot);
        if (own.empty) {
          own.drop();
          slabs.splice(slabs.indexOf(own), 1);
        }
        if (slabs.length === 0) this.#slabs.delete(key);
      },
    });
  }

  async row(
    a: LoadedChain,
    bs: readonly LoadedChain[],
    { symmetrise = true, signal }: ChainOptions = {},
  ): Promise<ChainRow> {
    const row = requireRow<Place>(a, bs, this, "onnx");
    const outputs = row.a.steps.at(-1)!.outputs;
    const slices = new Float64Array(bs.length * outputs);
    const exponents = new Int32Array(bs.length);
    const held = [row.a, ...row.bs];
    for (const chain of held) chain.enter();
    try {
      const batches = batchesOf(
        row.a.content.slab,
        row.bs.map((b) => b.content),
        symmetrise,
      );
      const pieces = batches.map((batch) => async () => {
        signal?.throwIfAborted();
        const own = await this.#compute(row.a.content, batch, symmetrise, signal);
        batch.pairs.forEach((pair, k) => {
          slices.set(own.slices.subarray(k * outputs, (k + 1) * outputs), pair * outputs);
          exponents[pair] = own.exponents[k]!;
        });
      });
      await inOrder(pieces, ahead);
    } finally {
      for (const chain of held) chain.leave();
    }
    return { slices, exponents };
  }

  async #compute(
    a: Place,
    batch: Batch,
    symmetrise: boolean,
    signal: AbortSignal | undefined,
  ): Promise<BatchProducts> {
    const { steps, precision } = batch.slab;
    const own = a.slab.steps;
    if (batch.pairs.length * flopsOf(own, steps, symmetrise) <= longest) {
      const key = JSON.stringify([own, steps, precision, symmetrise]);
      const graph = this.#graphs.get(key) ?? chainGraph(own, steps, precision, symmetrise);
      this.#graphs.set(key, graph);
      const products = await computeAtOnce(this.#runner, a, batch, graph, signal);
      if (products) return products;
    }
    return computeByStep(this.#runner, a, batch, symmetrise, signal);
  }
}

/** Bytes of weights and intermediate results that stay in the cache. */
const cached = 6e6;
const most = 64;

/** Groups the chains of a row into batches; any order of chains gives the same results. */
function batchesOf(a: Slab, places: readonly Place[], symmetrise: boolean): readonly Batch[] {
  const slabs = Array.from(new Set(places.map(({ slab }) => slab)));
  return slabs.flatMap((slab) => {
    const batches: { slab: Slab; slot: number; pairs: number[] }[] = [];
    const bytes = pairBytes(slab);
    const flops = flopsOf(a.steps, slab.steps, symmetrise);
    const size = Math.max(1, Math.min(most, Math.floor(Math.min(cached / bytes, longest / flops))));
    const pairs = places
      .map((place, pair) => ({ ...place, pair }))
      .filter((place) => place.slab === slab)
      .sort((x, y) => x.slot - y.slot);
    for (const { slot, pair } of pairs) {
      const batch = batches.at(-1);
      if (batch && batch.pairs.length < size && slot === batch.slot + batch.pairs.length) {
        batch.pairs.push(pair);
      } else {
        batches.push({ slab, slot, pairs: [pair] });
      }
    }
    return batches;
  });
}

/** Bytes of the largest step of one pair: a hidden unit's products with those of a, and its weights. */
function pairBytes({ steps, precision }: Slab): number {
  const numbers = steps.map(({ kind, inputs, hidden, outputs }) =>
    kind === "linear" ? outputs * inputs : hidden * (2 * hidden + inputs),
  );
  return Math.max(1, ...numbers) * (precision === "float64" ? 8 : 4);
}
