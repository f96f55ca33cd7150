import { describe, expect, test } from "vitest";
import { checkNetwork, networkFrom } from "../../../src/model/index.ts";
import { plain, numbered as weights } from "../../support/weights.ts";

describe("networkFrom(weights) without an adapter picks the one that fits:", () => {
  test("left, right and down", () => {
    const network = networkFrom(weights({ left: [2, 1], right: [2, 1], down: [3, 2] }));
    expect(plain(network)).toEqual({
      layers: [
        {
          kind: "bilinear",
          left: { shape: [2, 1], data: [100, 101] },
          right: { shape: [2, 1], data: [200, 201] },
          down: { shape: [3, 2], data: [300, 301, 302, 303, 304, 305] },
          residual: 0,
          gain: 1,
        },
      ],
    });
  });

  test("left, right and down with biases between embed and head", () => {
    const network = networkFrom(
      weights({
        head: [1, 2],
        down: [2, 1],
        right_bias: [1],
        down_bias: [2],
        right: [1, 3],
        left: [1, 3],
        embed_bias: [3],
        embed: [3, 2],
      }),
    );
    expect(plain(network)).toEqual({
      layers: [
        {
          kind: "linear",
          weight: { shape: [3, 2], data: [800, 801, 802, 803, 804, 805] },
          bias: [700, 701, 702],
        },
        {
          kind: "bilinear",
          left: { shape: [1, 3], data: [600, 601, 602] },
          right: { shape: [1, 3], data: [500, 501, 502] },
          rightBias: [300],
          down: { shape: [2, 1], data: [200, 201] },
          downBias: [400, 401],
          residual: 0,
          gain: 1,
        },
        { kind: "linear", weight: { shape: [1, 2], data: [100, 101] } },
      ],
    });
  });

  test("bi_linear.weight and projection.weight: the first half is left", () => {
    const network = networkFrom(
      weights({ "bi_linear.weight": [4, 1], "projection.weight": [1, 2], "bi_linear.bias": [4] }),
    );
    expect(plain(network)).toEqual({
      layers: [
        {
          kind: "bilinear",
          left: { shape: [2, 1], data: [100, 101] },
          right: { shape: [2, 1], data: [102, 103] },
          leftBias: [300, 301],
          rightBias: [302, 303],
          down: { shape: [1, 2], data: [200, 201] },
          residual: 0,
          gain: 1,
        },
      ],
    });
  });

  test("embed, body and head, each with or without biases", () => {
    const network = networkFrom(
      weights({
        "embed.weight": [2, 5],
        "body.left.weight": [3, 2],
        "body.left.bias": [3],
        "body.right.weight": [3, 2],
        "body.right.bias": [3],
        "body.down.weight": [2, 3],
        "body.down.bias": [2],
        "head.weight": [4, 2],
      }),
    );
    expect(network.layers.map(({ kind }) => kind)).toEqual(["linear", "bilinear", "linear"]);
    expect(network.layers[0]).not.toHaveProperty("bias");
    expect(plain(network.layers[1])).toMatchObject({
      leftBias: [300, 301, 302],
      rightBias: [500, 501, 502],
      downBias: [700, 701],
    });
    expect(checkNetwork(network)).toMatchObject({ dIn: 5, dOut: 4, nonlinear: 1 });
  });

  test.for(["module.", "_orig_mod.", "module._orig_mod.module."])(
    "names wrapped in %s",
    (prefix) => {
      const network = networkFrom(
        weights({
          [`${prefix}left`]: [1, 1],
          [`${prefix}right`]: [1, 1],
          [`${prefix}down`]: [1, 1],
        }),
      );
      expect(plain(network)).toMatchObject({
        layers: [{ left: { data: [100] }, down: { data: [300] } }],
      });
    },
  );
});
