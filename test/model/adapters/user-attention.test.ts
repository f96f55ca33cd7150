import { describe, expect, test } from "vitest";
import { adapters, fitAdapter, networkFrom, userAdapter } from "../../../src/model/index.ts";
import { quadratic, settings } from "../../support/quadratic-weights.ts";
import { numbered, plain, type Shapes } from "../../support/weights.ts";

describe("attention in an adapter of one's own:", () => {
  const description = {
    name: "mine",
    nContext: 6,
    layers: [
      {
        repeat: [
          {
            kind: "attention",
            query1: ["block{n}/wq1", "block{n}/Wq1"],
            key1: "block{n}/wk1",
            query2: "block{n}/wq2",
            key2: "block{n}/wk2",
            value: "block{n}/wv",
            output: "block{n}/wo",
            query1Bias: "block{n}/bq1",
            transpose: true,
            heads: 3,
            mask: "diag",
            rotaryBase: "none",
            residual: 0.5,
            gain: { setting: "gain" },
          },
        ],
      },
    ],
    settings: { gain: 2 },
  };
  const legs = ["wq1", "wk1", "wq2", "wk2", "wv"].map((name) => [`block0/${name}`, [2, 3]]);
  const shapes: Shapes = { ...Object.fromEntries(legs), "block0/wo": [3, 2], "block0/bq1": [3] };

  test("values in it are fixed, settings of a call go before its own", () => {
    const adapter = userAdapter(description);
    const network = networkFrom(numbered(shapes), adapter);
    expect(network).toMatchObject({ nContext: 6, layers: [{ heads: 3, mask: "diag", gain: 2 }] });
    expect(plain(network.layers[0])).toMatchObject({
      query1: { shape: [3, 2], data: [100, 103, 101, 104, 102, 105] },
      output: { shape: [2, 3], data: [600, 602, 604, 601, 603, 605] },
      query1Bias: [700, 701, 702],
    });
    expect(network.layers[0]).not.toHaveProperty("rotaryBase");
    expect(networkFrom(numbered(shapes), adapter, { gain: 5 }).layers[0]).toHaveProperty("gain", 5);
    expect(() => networkFrom(numbered(shapes), adapter, { heads: 1 })).toThrow(
      'adapter "mine" does not fit: takes no setting heads',
    );
  });

  test("of several names the first that is there is read; where none is, the first is missing", () => {
    const { "block0/wq1": query, ...others } = shapes;
    const adapter = userAdapter(description);
    const fit = fitAdapter(numbered({ ...others, "block0/Wq1": query! }), adapter);
    expect(fit.used).toContain("block0/Wq1");
    expect(fit.fits).toBe(true);
    expect(fitAdapter(numbered(others), adapter).missing).toEqual(["block0/wq1"]);
    const both = { ...shapes, "block0/Wq1": query! };
    expect(fitAdapter(numbered(both), adapter).unused).toEqual(["block0/Wq1"]);
  });

  test("shapes must agree with each other, with the wire and with the heads", () => {
    const adapter = userAdapter(description);
    const wrong = fitAdapter(numbered({ ...shapes, "block0/wk2": [2, 6] }), adapter).wrong;
    expect(wrong).toEqual([{ name: "block0/wk2", expected: "[2, 3]", found: "[2, 6]" }]);
    const residual = fitAdapter(numbered({ ...shapes, "block0/wo": [3, 5] }), adapter).wrong;
    expect(residual).toEqual([{ name: "block0/wo", expected: "[3, 2]", found: "[3, 5]" }]);
    const vector = fitAdapter(numbered({ ...shapes, "block0/wq1": [3] }), adapter).wrong[0];
    expect(vector).toEqual({
      name: "block0/wq1",
      expected: "[in, heads · dh]",
      found: "[3]",
    });
  });

  test("one of Simile's with settings of one's own", () => {
    const adapter = userAdapter({ name: "run 7", like: "quadratic-transformer", settings });
    expect(networkFrom(numbered(quadratic), adapter).layers[1]).toHaveProperty("heads", 2);
    expect(adapters.map(({ name }) => name)).not.toContain("run 7");
  });
});

const query = { kind: "attention", query: "q", key: "k", value: "v", output: "o" };
test.for<[unknown, string]>([
  [
    { ...query, query1: "q" },
    "layers[0].query1: expected one of kind, query, key, value, output, queryBias, keyBias, heads, mask, rotaryBase, residual, gain, transpose, found an unknown key",
  ],
  [
    { kind: "attention", query1: "q", value: "v", output: "o" },
    "layers[0].key1: expected a value for attention, found none",
  ],
  [
    { kind: "attention", key: "k", value: "v", output: "o" },
    "layers[0].query: expected a value for quadratic attention, found none",
  ],
  [
    { ...query, heads: 1.5 },
    'layers[0].heads: expected a whole number of at least 1, or {"setting": "heads"}, found 1.5',
  ],
  [
    { ...query, mask: "full" },
    'layers[0].mask: expected "causal", "none" or "diag", or {"setting": "mask"}, found "full"',
  ],
  [
    { ...query, rotaryBase: 0 },
    'layers[0].rotaryBase: expected a number above 0 or "none", or {"setting": "rotaryBase"}, found 0',
  ],
  [
    { ...query, residual: { setting: "gain" } },
    'layers[0].residual: expected a finite number, "additive", "interpolation" or "none", or {"setting": "residual"} or {"setting": "mlpResidual"}, found {"setting":"gain"}',
  ],
  [
    { ...query, heads: { setting: "heads", default: 2 } },
    'layers[0].heads: expected a whole number of at least 1, or {"setting": "heads"}, found {"setting":"heads","default":2}',
  ],
  [
    { ...query, value: [] },
    "layers[0].value: expected a non-empty string, or a list of them, found []",
  ],
])("userAdapter refuses %j: %s", ([layer, message]) => {
  expect(() => userAdapter({ name: "a", layers: [layer] })).toThrow(
    `Cannot use adapter: ${message}`,
  );
});

test.for<[unknown, string]>([
  [
    { name: "a", layers: [query], settings: { head: 2 } },
    'Cannot use adapter: settings: expected some of heads, nContext, mask, rotaryBase, residual, gain, mlpResidual, mlpGain, tied, found "head"',
  ],
  [
    { name: "a", layers: [query], settings: { heads: "2" } },
    'Cannot use adapter: settings.heads: expected a whole number of at least 1, found "2"',
  ],
  [
    { name: "a", layers: [query], settings: [] },
    "Cannot use adapter: settings: expected an object, found []",
  ],
  [
    { name: "a", layers: [query], nContext: 0 },
    'Cannot use adapter: nContext: expected a whole number of at least 1, or {"setting": "nContext"}, found 0',
  ],
  [
    { name: "a", like: "gpt" },
    'Cannot use adapter: like: expected one of "simile", "packed", "embed-body-head", "quadratic-transformer", "bilinear-transformer", "hf-quadratic-transformer", "hf-bilinear-transformer", found "gpt"',
  ],
  [
    { name: "a", like: "simile", layers: [] },
    "Cannot use adapter: layers: expected one of name, like, summary, settings, found an unknown key",
  ],
])("userAdapter refuses %j: %s", ([description, message]) => {
  expect(() => userAdapter(description)).toThrow(message);
});
