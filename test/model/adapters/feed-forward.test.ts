import { describe, expect, test } from "vitest";
import {
  type Adapter,
  AdapterError,
  adapters,
  checkNetwork,
  networkFrom,
  userAdapter,
} from "../../../src/model/index.ts";
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

describe("when none fits, the error is about the nearest adapter:", () => {
  const refuse = (
    shapes: Readonly<Record<string, readonly number[]>>,
    adapter?: Adapter,
  ): string => {
    try {
      networkFrom(weights(shapes), adapter);
    } catch (error) {
      expect(error).toBeInstanceOf(AdapterError);
      // What follows is the table of all adapters.
      return (error as Error).message.split("\n")[0]!;
    }
    throw new Error("no error");
  };

  test("what it misses and what it does not use", () => {
    expect(refuse({ left: [1, 1], right: [1, 1], up: [1, 1] })).toBe(
      'Cannot make a network of step_7.pt: no adapter fits; the nearest is "simile": missing down; not used up',
    );
  });

  test("a bias nobody asked for is not left out silently", () => {
    expect(refuse({ left: [1, 1], right: [1, 1], down: [1, 1], gate: [1] })).toBe(
      'Cannot make a network of step_7.pt: no adapter fits; the nearest is "simile": not used gate',
    );
  });

  test("wrong shapes, expected and found", () => {
    expect(
      refuse({
        embed: [4, 3],
        left: [2, 5],
        right: [2, 4],
        down: [3, 2],
        head: [1, 9],
        left_bias: [1, 2],
      }),
    ).toBe(
      'Cannot make a network of step_7.pt: no adapter fits; the nearest is "simile": wrong shape left expected [m, 4], found [2, 5], left_bias expected [2], found [1, 2], head expected [out, 3], found [1, 9]',
    );
  });

  test("a packed tensor whose halves do not come out", () => {
    expect(refuse({ "module.bi_linear.weight": [5, 2], "module.projection.weight": [3, 4] })).toBe(
      'Cannot make a network of step_7.pt: no adapter fits; the nearest is "packed": wrong shape module.bi_linear.weight expected [2m, in], found [5, 2]',
    );
  });

  test("of many names the first eight", () => {
    const layers = Array.from({ length: 12 }, (_, i) => [`block.${i}`, [1, 1]]);
    expect(refuse(Object.fromEntries(layers))).toContain("block.7 and 4 more");
  });

  test("nothing at all", () => {
    expect(refuse({})).toBe("Cannot make a network of step_7.pt: expected tensors, found none");
  });

  test("an adapter asked for by name is the only one tried", () => {
    expect(refuse({ left: [1, 1], right: [1, 1], down: [1, 1] }, adapters[1])).toBe(
      'Cannot make a network of step_7.pt: adapter "packed" does not fit: missing bi_linear.weight, projection.weight; not used left, right, down',
    );
  });

  test("an adapter whose layers are all optional and absent describes nothing", () => {
    const adapter = userAdapter({
      name: "a",
      layers: [{ kind: "linear", weight: "w", optional: true }],
    });
    expect(refuse({ x: [1] }, { ...adapter, ignore: ["x"] })).toBe(
      'Cannot make a network of step_7.pt: adapter "a" does not fit: it describes no layer that is there',
    );
  });
});

describe("an adapter of one's own", () => {
  const stack = userAdapter({
    name: "stack",
    prefix: "net.",
    ignore: ["*.steps", "clock"],
    layers: [
      { kind: "linear", weight: "in", transpose: true },
      {
        repeat: [
          {
            kind: "bilinear",
            packed: { tensor: "blocks.{n}.lr", axis: 1, bias: "blocks.{n}.lr_bias" },
            down: "blocks.{n}.down",
            transpose: true,
            residual: 1,
            gain: 0.5,
          },
        ],
      },
    ],
  });

  test("repeats a layer for each index, in numeric order, below a prefix, transposed", () => {
    const shapes: Record<string, readonly number[]> = {
      "net.in": [2, 3],
      "net.a.steps": [],
      "net.clock": [1],
      other: [9],
    };
    for (const n of [10, 2, 0, 1, 3, 4, 5, 6, 7, 8, 9]) {
      shapes[`net.blocks.${n}.lr`] = [3, 4];
      shapes[`net.blocks.${n}.down`] = [2, 3];
    }
    shapes["net.blocks.1.lr_bias"] = [4];
    const network = networkFrom(weights(shapes), stack);
    expect(network.layers).toHaveLength(12);
    expect(plain(network.layers[0])).toEqual({
      kind: "linear",
      weight: { shape: [3, 2], data: [100, 103, 101, 104, 102, 105] },
    });
    const start = 100 * (1 + Object.keys(shapes).indexOf("net.blocks.10.lr"));
    expect(plain(network.layers[11])).toEqual({
      kind: "bilinear",
      left: { shape: [2, 3], data: [0, 4, 8, 1, 5, 9].map((i) => start + i) },
      right: { shape: [2, 3], data: [2, 6, 10, 3, 7, 11].map((i) => start + i) },
      down: { shape: [3, 2], data: [0, 3, 1, 4, 2, 5].map((i) => start + 100 + i) },
      residual: 1,
      gain: 0.5,
    });
    expect(plain(network.layers[2])).toHaveProperty("leftBias", [2700, 2701]);
    expect(checkNetwork(network)).toMatchObject({ dIn: 2, dOut: 3, nonlinear: 11 });
  });

  test("ignores names by pattern, in which only * is special", () => {
    const adapter = userAdapter({
      name: "a",
      ignore: ["*.step", "b"],
      layers: [{ kind: "linear", weight: "w" }],
    });
    expect(
      networkFrom(weights({ w: [1, 1], "x.y.step": [1], b: [1] }), adapter).layers,
    ).toHaveLength(1);
    expect(() =>
      networkFrom(weights({ w: [1, 1], "x.y.steps": [1], xstep: [1], ab: [1] }), adapter),
    ).toThrow("not used x.y.steps, xstep, ab");
  });

  test("says which index is missing, and which name claims too much", () => {
    const shapes = {
      "net.in": [2, 3],
      "net.blocks.0.lr": [3, 4],
      "net.blocks.0.down": [2, 3],
      "net.blocks.2.down": [2, 3],
      "net.blocks.999999999.lr": [3, 4],
    };
    expect(() => networkFrom(weights(shapes), stack)).toThrow(
      "missing net.blocks.1.lr, net.blocks.1.down, net.blocks.2.lr, net.blocks.3.lr, net.blocks.3.down, net.blocks.4.lr",
    );
    expect(() => networkFrom(weights(shapes), stack)).toThrow("not used net.blocks.999999999.lr");
  });

  test("a residual needs the output size to be the input size", () => {
    const shapes = { "net.in": [2, 3], "net.blocks.0.lr": [3, 4], "net.blocks.0.down": [2, 5] };
    expect(() => networkFrom(weights(shapes), stack)).toThrow(
      "wrong shape net.blocks.0.down expected [2, 3], found [2, 5]",
    );
  });

  test("a packed tensor must halve into the width of the wire", () => {
    const shapes = { "net.in": [2, 3], "net.blocks.0.lr": [4, 4], "net.blocks.0.down": [2, 3] };
    expect(() => networkFrom(weights(shapes), stack)).toThrow(
      "net.blocks.0.lr expected [3, 2m], found [4, 4]",
    );
  });

  test("comes from JSON text as well, and the adapters that come with Simile are data", () => {
    for (const adapter of adapters) expect(userAdapter(JSON.stringify(adapter))).toEqual(adapter);
  });
});

const layer = { kind: "bilinear", left: "l", right: "r", down: "d" };
test.for<[unknown, string]>([
  ["{", "Cannot use adapter: the text: expected JSON, found "],
  [3, "Cannot use adapter: the description: expected an object, found 3"],
  [{ layers: [] }, "Cannot use adapter: name: expected a value for adapter, found none"],
  [{ name: "a", layers: {} }, "Cannot use adapter: layers: expected a list, found {}"],
  [
    { name: "a", layers: [] },
    "Cannot use adapter: layers: expected at least one layer, found none",
  ],
  [
    { name: "", layers: [layer] },
    'Cannot use adapter: name: expected a non-empty string, found ""',
  ],
  [
    { name: "a", layers: [layer], ignore: [1] },
    "Cannot use adapter: ignore[0]: expected a string, found 1",
  ],
  [{ name: "a", layers: [null] }, "Cannot use adapter: layers[0]: expected an object, found null"],
  [
    { name: "a", layers: [{ kind: "conv" }] },
    'Cannot use adapter: layers[0].kind: expected "linear", "bilinear" or "attention", found "conv"',
  ],
  [
    { name: "a", layers: [layer, { ...layer, biass: "b" }] },
    "Cannot use adapter: layers[1].biass: expected one of kind, left, right, down, leftBias, rightBias, downBias, transpose, residual, gain, optional, found an unknown key",
  ],
  [
    { name: "a", layers: [{ ...layer, packed: { tensor: "t" } }] },
    "Cannot use adapter: layers[0].left: expected one of kind, packed, down, downBias, transpose, residual, gain, optional, found an unknown key",
  ],
  [
    { name: "a", layers: [{ kind: "bilinear", packed: { tensor: "t", axis: 2 }, down: "d" }] },
    "Cannot use adapter: layers[0].packed.axis: expected 0 or 1, found 2",
  ],
  [
    { name: "a", layers: [{ ...layer, gain: "1" }] },
    'Cannot use adapter: layers[0].gain: expected a finite number, or {"setting": "gain"} or {"setting": "mlpGain"}, found "1"',
  ],
  [
    { name: "a", layers: [{ ...layer, left: "l.{n}" }] },
    "Cannot use adapter: layers[0]: expected {n} only inside a repeat, found {n}",
  ],
  [
    { name: "a", layers: [{ repeat: [] }] },
    "Cannot use adapter: layers[0].repeat: expected at least one layer, found none",
  ],
  [
    { name: "a", layers: [{ repeat: [layer] }] },
    "Cannot use adapter: layers[0].repeat: expected a tensor name with {n}, found none",
  ],
  [
    { name: "a", layers: [{ repeat: [{ repeat: [layer] }] }] },
    'Cannot use adapter: layers[0].repeat[0].kind: expected "linear", "bilinear" or "attention", found undefined',
  ],
])("userAdapter(%j) says %s", ([description, message]) => {
  expect(() => userAdapter(description)).toThrow(AdapterError);
  expect(() => userAdapter(description)).toThrow(message);
});
