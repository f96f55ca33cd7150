import type { Block, HeldMatrix, Matrix } from "../../tensor/index.ts";
import { legsIn } from "./ten-legs.ts";
import type { Turns } from "./turns.ts";

export type LegGroup = "query" | "key";

/** Legs of an attention layer, by group: of every head its legs, [H · legs · width, d]. */
export interface LegWeights {
  readonly heads: number;
  readonly width: number;
  readonly weights: Readonly<Record<LegGroup, Matrix>>;
  /** [positions][H · legs · width]: means before the turn; undefined when all are 0. */
  readonly means: readonly Readonly<Record<LegGroup, Float64Array>>[] | undefined;
  readonly turns: Turns | undefined;
  readonly looksAt: (t: number, u: number) => boolean;
}

/** The matrices that {@link HeldLegs} finds its way in. */
export interface Held {
  readonly query: HeldMatrix;
  readonly key: HeldMatrix;
  readonly queryQuery: HeldMatrix;
  readonly keyQuery: HeldMatrix;
  readonly keyKey: HeldMatrix;
  readonly turn: HeldMatrix;
  readonly queryMeans: HeldMatrix | undefined;
  readonly keyMeans: HeldMatrix | undefined;
}

/**
 * What an engine holds of the legs of an attention layer in one network. Where positions are independent
 * and alike, legs are held once, and queries are turned by the way from their key when they are used; else
 * they are held for each position, turned.
 */
export class HeldLegs {
  readonly heads: number;
  readonly width: number;
  readonly alike: boolean;
  readonly #positions: number;
  readonly #turning: boolean;
  readonly #keyQueryAt: ReadonlyMap<number, number>;
  readonly #held: Held;

  constructor(
    { heads, width, turns }: LegWeights,
    positions: number,
    alike: boolean,
    keyQueryAt: ReadonlyMap<number, number>,
    held: Held,
  ) {
    this.heads = heads;
    this.width = width;
    this.alike = alike;
    this.#positions = positions;
    this.#turning = turns !== undefined;
    this.#keyQueryAt = keyQueryAt;
    this.#held = held;
  }

  /** Legs of a group from a head on. */
  legs(group: LegGroup, position: number, head: number): Block {
    const copy = this.alike || !this.#turning ? 0 : position;
    const row = (copy * this.heads + head) * legsIn[group] * this.width;
    return { of: this.#held[group], row, column: 0 };
  }

  /** Cov(q_0, q_1) at a position. */
  queryQuery(position: number, head: number): Block {
    const at = this.alike ? 0 : position;
    return { of: this.#held.queryQuery, row: (at * this.heads + head) * this.width, column: 0 };
  }

  /** Covariances of k_1, v with k_0, k_1 at a position. */
  keyKey(position: number, head: number): Block {
    const at = this.alike ? 0 : position;
    return { of: this.#held.keyKey, row: (at * this.heads + head) * 2 * this.width, column: 0 };
  }

  /** Covariances of k_0, k_1, v at u with q_0, q_1 at t. */
  keyQuery(u: number, t: number, head: number): Block {
    const at = this.#keyQueryAt.get(this.alike ? 0 : u * this.#positions + t)!;
    return { of: this.#held.keyQuery, row: (at * this.heads + head) * 3 * this.width, column: 0 };
  }

  /** What queries `way` positions after their keys are multiplied by. */
  turn(way: number): Block {
    const at = this.#turning && this.alike ? way + this.#positions - 1 : 0;
    return { of: this.#held.turn, row: at * this.width, column: 0 };
  }

  get unit(): Block {
    return this.turn(0);
  }

  /** Means of the queries at t whose key is at u. */
  queryMeans(t: number, u: number, head: number): Block {
    const copy = this.alike ? (this.#turning ? t - u + this.#positions - 1 : 0) : t;
    return { of: this.#held.queryMeans!, row: (copy * this.heads + head) * 2, column: 0 };
  }

  keyMeans(u: number, head: number): Block {
    const row = ((this.alike ? 0 : u) * this.heads + head) * 3;
    return { of: this.#held.keyMeans!, row, column: 0 };
  }

  get bytes(): number {
    return this.#all.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  release(): void {
    for (const held of this.#all) held.release();
  }

  get #all(): readonly HeldMatrix[] {
    return Object.values(this.#held).filter((held) => held !== undefined);
  }
}
