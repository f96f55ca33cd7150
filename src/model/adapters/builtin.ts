import type { Adapter } from "./adapter.ts";
import { transformers } from "./transformers.ts";

/** Adapters that come with Simile, in the order in which they are tried. */
export const adapters: readonly Adapter[] = [
  {
    name: "simile",
    summary: "Simile's own trainer: left, right and down, with embed and head where there are any",
    layers: [
      { kind: "linear", weight: "embed", bias: "embed_bias", optional: true },
      {
        kind: "bilinear",
        left: "left",
        right: "right",
        down: "down",
        leftBias: "left_bias",
        rightBias: "right_bias",
        downBias: "down_bias",
      },
      { kind: "linear", weight: "head", bias: "head_bias", optional: true },
    ],
  },
  {
    name: "packed",
    summary: "bi_linear.weight [2m, in], left over right, and projection.weight [out, m]",
    layers: [
      {
        kind: "bilinear",
        packed: { tensor: "bi_linear.weight", bias: "bi_linear.bias" },
        down: "projection.weight",
        downBias: "projection.bias",
      },
    ],
  },
  {
    name: "embed-body-head",
    summary: "embed, one bilinear body (body.left, body.right, body.down) and head, with biases",
    layers: [
      { kind: "linear", weight: "embed.weight", bias: "embed.bias" },
      {
        kind: "bilinear",
        left: "body.left.weight",
        right: "body.right.weight",
        down: "body.down.weight",
        leftBias: "body.left.bias",
        rightBias: "body.right.bias",
        downBias: "body.down.bias",
      },
      { kind: "linear", weight: "head.weight", bias: "head.bias" },
    ],
  },
  ...transformers,
];
