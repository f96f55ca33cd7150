import type { Settings } from "../../src/model/index.ts";
import type { Shapes } from "./weights.ts";

/** What the tensors of a transformer do not hold. */
export const settings: Settings = {
  heads: 2,
  nContext: 3,
  mask: "none",
  rotaryBase: 1000,
  residual: "additive",
  gain: 0.35,
};

/** Shapes of a transformer of one layer, by name; one query and one key make both scores. */
export const quadratic: Shapes = {
  "embed.weight": [5, 4],
  "layers.0.q.weight": [4, 4],
  "layers.0.k.weight": [4, 4],
  "layers.0.v.weight": [4, 4],
  "layers.0.o.weight": [4, 4],
  "unembed.weight": [5, 4],
};
