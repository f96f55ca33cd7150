import { describe, expect, test } from "vitest";
import {
  AdapterError,
  adapters,
  checkNetwork,
  networkFrom,
  userAdapter,
} from "../../../src/model/index.ts";
import { plain, numbered as weights } from "../../support/weights.ts";

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
