import type {
  Chain,
  ChainOperation,
  ChainOptions,
  ChainRow,
  LoadedChain,
  Precision,
} from "../../tensor/index.ts";
import { HeldChain, requireRow } from "../chain/held.ts";
import { stepsOf } from "../chain/steps.ts";
import { packedChain } from "./chain.ts";
import type { Pool } from "./pool.ts";
import { type Address, Row } from "./row.ts";
import type { Store } from "./store.ts";

/** The fused recursion: chains packed once, the pairs of a row spread over a pool of workers. */
export class WasmChains implements ChainOperation {
  readonly #store: Store;
  readonly #pool: Pool;

  constructor(store: Store, pool: Pool) {
    this.#store = store;
    this.#pool = pool;
  }

  async load(chain: Chain, precision: Precision): Promise<LoadedChain> {
    const steps = stepsOf(chain);
    const { bytes, fill } = packedChain(chain, steps, precision);
    const at = this.#store.take(bytes, "a chain");
    this.#store.fill(at, bytes, fill(at));
    return new HeldChain<Address>({
      engine: "wasm",
      owner: this,
      precision,
      steps,
      bytes,
      content: { at },
      free: () => this.#store.give(at),
    });
  }

  async row(
    a: LoadedChain,
    bs: readonly LoadedChain[],
    { symmetrise = true, signal }: ChainOptions = {},
  ): Promise<ChainRow> {
    const held = requireRow<Address>(a, bs, this, "wasm");
    signal?.throwIfAborted();
    if (bs.length === 0) return { slices: new Float64Array(), exponents: new Int32Array() };
    const row = new Row(held.a, held.bs, symmetrise, this.#store);
    const drop = () => this.#pool.drop(row, signal?.reason);
    signal?.addEventListener("abort", drop, { once: true });
    this.#pool.add(row);
    try {
      return await row.done;
    } finally {
      signal?.removeEventListener("abort", drop);
    }
  }
}
