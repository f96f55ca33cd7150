import type { Engine, Plan, Precision } from "../../../src/index.node.ts";

/** What a row is measured with. */
export interface Setting {
  readonly engine: Engine;
  readonly precision: Precision;
  /** Part of the networks to compute, above 0 to 1; below 1 the rest is extrapolated. */
  readonly share: number;
}

export interface Measurement {
  /** Wall time of the whole row; extrapolated where `measured` is less than all. */
  readonly seconds: number;
  /** Processor time of all threads, likewise. */
  readonly processor: number;
  /** Floating-point operations of the whole row. */
  readonly flops: number;
  /** Seconds the planner predicted for the whole row. */
  readonly predicted: number;
  readonly route: Plan["route"];
  /** What was measured, when it is not all: `"40 of 200 networks"`. */
  readonly measured?: string;
  /** Sum of the results, to be compared with the peer's where all was computed. */
  readonly sum?: number;
}

/** One line of the table of speeds: a file of its own in this folder, listed in table.ts. */
export interface Row {
  readonly name: string;
  readonly title: string;
  measure(setting: Setting): Promise<Measurement>;
  /** Arguments of peer_bench.py for the same work, where it knows it. */
  readonly peer?: readonly string[];
}
