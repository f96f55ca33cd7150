import { describe, expect, test } from "vitest";
import {
  type AdapterError,
  adapterNamed,
  adapters,
  checkNetwork,
  fitAdapter,
  networkFrom,
  type Settings,
  userAdapter,
} from "../../../src/model/index.ts";
import { numbered, plain, type Shapes } from "../../support/weights.ts";

const settings: Settings = {
  heads: 2,
  nContext: 3,
  mask: "none",
  rotaryBase: 1000,
  residual: "additive",
  gain: 0.35,
};

const quadratic: Shapes = {
  "embed.weight": [5, 4],
  "layers.0.q.weight": [4, 4],
  "layers.0.k.weight": [4, 4],
  "layers.0.v.weight": [4, 4],
  "layers.0.o.weight": [4, 4],
  "unembed.weight": [5, 4],
};

describe("quadratic attention by embed, layers.N.{q,k,v,o} and unembed:", () => {
  const network = networkFrom(numbered(quadratic), undefined, settings);
  const [embed, attention, unembed] = network.layers;

  test("the embedding is a table, a row for each token; the head a matrix", () => {
    expect(plain(embed)).toMatchObject({ kind: "linear", weight: { shape: [4, 5] } });
    expect(plain(embed)).toHaveProperty("weight.data.0", 100);
    expect(plain(embed)).toHaveProperty("weight.data.1", 104);
    expect(plain(unembed)).toMatchObject({ kind: "linear", weight: { shape: [5, 4] } });
    expect(plain(unembed)).toHaveProperty("weight.data.1", 601);
  });

  test("one query and one key make both scores, and are one tensor", () => {
    if (attention?.kind !== "attention") throw new Error("no attention");
    expect(attention.query1).toBe(attention.query2);
    expect(attention.key1).toBe(attention.key2);
    const first = ["query1", "key1", "value", "output"] as const;
    expect(first.map((name) => attention[name].data[0])).toEqual([200, 300, 400, 500]);
  });

  test("what tensors do not hold comes from the settings", () => {
    expect(attention).toMatchObject({
      heads: 2,
      mask: "none",
      rotaryBase: 1000,
      residual: 1,
      gain: 0.35,
    });
    expect(network.nContext).toBe(3);
    expect(checkNetwork(network)).toMatchObject({ dIn: 5, dOut: 5, attention: 1, nContext: 3 });
  });

  test.for<[Settings, number]>([
    [{ residual: "interpolation" }, 0.65],
    [{ residual: "none" }, 0],
    [{ residual: 0.5 }, 0.5],
    [{ residual: "interpolation", gain: 1 }, 0],
  ])("%j is a residual of %s", ([own, expected]) => {
    const layer = networkFrom(numbered(quadratic), undefined, { ...settings, ...own }).layers[1];
    expect(layer).toHaveProperty("residual", expected);
  });

  test('rotaryBase "none" is no rotary embedding', () => {
    const own: Settings = { ...settings, rotaryBase: "none" };
    expect(networkFrom(numbered(quadratic), undefined, own).layers[1]).not.toHaveProperty(
      "rotaryBase",
    );
  });
});

describe("names of transformers:", () => {
  const wire = [4, 4];
  const bilinear: Shapes = {
    embed: [5, 4],
    ...Object.fromEntries(
      ["q1", "k1", "q2", "k2", "v", "o"].map((name) => [`layers.0.${name}`, wire]),
    ),
    "layers.0.q1_bias": [4],
    "layers.0.k2_bias": [4],
    head: [5, 4],
  };
  test("two scores, biases of some of them, names without .weight", () => {
    const network = networkFrom(numbered(bilinear), undefined, settings);
    expect(plain(network.layers[1])).toMatchObject({
      query1: { data: expect.arrayContaining([200]) },
      key2: { data: expect.arrayContaining([500]) },
      query1Bias: [800, 801, 802, 803],
      key2Bias: [900, 901, 902, 903],
    });
    expect(network.layers[1]).not.toHaveProperty("key1Bias");
    expect(network.layers[1]).not.toHaveProperty("query2Bias");
  });

  test("bias of a query that makes both scores is the bias of both", () => {
    const biased = { ...quadratic, "layers.0.q.bias": [4] };
    const layer = networkFrom(numbered(biased), undefined, settings).layers[1];
    expect(plain(layer)).toMatchObject({
      query1Bias: [700, 701, 702, 703],
      query2Bias: [700, 701, 702, 703],
    });
    expect(layer).not.toHaveProperty("key1Bias");
  });

  const mlp: Settings = { mlpResidual: "interpolation", mlpGain: 0.25 };
  test("bilinear layers beside attention, in some of the layers, with settings of their own", () => {
    const shapes: Shapes = {
      ...quadratic,
      "layers.0.mlp.left.weight": [7, 4],
      "layers.0.mlp.right.weight": [7, 4],
      "layers.0.mlp.down.weight": [4, 7],
      "layers.0.mlp.down.bias": [4],
      ...Object.fromEntries(["q", "k", "v", "o"].map((name) => [`layers.1.${name}.weight`, wire])),
    };
    const { layers } = networkFrom(numbered(shapes), undefined, { ...settings, ...mlp });
    expect(layers.map(({ kind }) => kind)).toEqual([
      "linear",
      "attention",
      "bilinear",
      "attention",
      "linear",
    ]);
    expect(layers[2]).toMatchObject({ residual: 0.75, gain: 0.25 });
    expect(plain(layers[2])).toHaveProperty("downBias", [1000, 1001, 1002, 1003]);
    expect(() => networkFrom(numbered(shapes), undefined, settings)).toThrow(
      'needs settings, which tensors do not hold: mlpResidual (residual of the bilinear layers), mlpGain (gain of the bilinear layers); give them, e.g. {"mlpResidual": "additive", "mlpGain": 1}',
    );
    const part: Shapes = { ...quadratic, "layers.0.mlp.left.weight": [7, 4] };
    expect(() => networkFrom(numbered(part), undefined, { ...settings, ...mlp })).toThrow(
      "missing layers.0.mlp.right.weight, layers.0.mlp.down.weight",
    );
  });

  const hugging = (layer: string, embed: string): Shapes => ({
    [embed]: [5, 4],
    ...Object.fromEntries(
      ["q", "k", "v", "o"].map((name) => [`${layer}${name}_proj.weight`, wire]),
    ),
    "lm_head.weight": [5, 4],
  });
  test.for<[string, Shapes]>([
    ["model.layers.N.self_attn", hugging("model.layers.0.self_attn.", "model.embed_tokens.weight")],
    ["transformer.h.N.attn", hugging("transformer.h.0.attn.", "transformer.wte.weight")],
    [
      "DataParallel and torch.compile",
      hugging(
        "module._orig_mod.model.layers.0._orig_mod.self_attn.",
        "module._orig_mod.model.embed_tokens.weight",
      ),
    ],
  ])("%s", ([, shapes]) => {
    const fit = fitAdapter(numbered(shapes), adapterNamed("hf-quadratic-transformer"), settings);
    expect(fit).toMatchObject({ fits: true, used: expect.arrayContaining(Object.keys(shapes)) });
    const network = networkFrom(numbered(shapes), undefined, settings);
    expect(plain(network.layers[1])).toHaveProperty("value.data.0", 400);
  });

  test("gate, up and down of an MLP are a bilinear layer", () => {
    const shapes: Shapes = {
      ...hugging("model.layers.0.self_attn.", "model.embed_tokens.weight"),
      "model.layers.0.mlp.gate_proj.weight": [7, 4],
      "model.layers.0.mlp.up_proj.weight": [7, 4],
      "model.layers.0.mlp.down_proj.weight": [4, 7],
      "model.layers.0.self_attn.rotary_emb.inv_freq": [1],
    };
    const { layers } = networkFrom(numbered(shapes), undefined, { ...settings, ...mlp });
    expect(plain(layers[2])).toMatchObject({
      kind: "bilinear",
      left: { data: expect.arrayContaining([700]) },
      right: { data: expect.arrayContaining([800]) },
      down: { data: expect.arrayContaining([900]) },
    });
  });

  test("a norm is no part of such a network, and is not left out silently", () => {
    const shapes = {
      ...hugging("model.layers.0.self_attn.", "model.embed_tokens.weight"),
      "model.norm.weight": [4],
    };
    expect(() => networkFrom(numbered(shapes), undefined, settings)).toThrow(
      'no adapter fits; the nearest is "hf-quadratic-transformer": not used model.norm.weight\n',
    );
  });

  test("a head that is not there is the embedding, if the settings say that it is tied", () => {
    const { "unembed.weight": _, ...headless } = quadratic;
    const read = (own: Settings) => networkFrom(numbered(headless), undefined, own).layers;
    const tied = read({ ...settings, tied: true });
    expect(plain(tied[2])).toMatchObject({ kind: "linear", weight: { shape: [5, 4] } });
    expect(plain(tied[2])).toHaveProperty("weight.data.1", 101);
    expect(plain(tied[0])).toHaveProperty("weight.data.1", 104);
    expect(read({ ...settings, tied: false })).toHaveLength(2);
    expect(() => read(settings)).toThrow("tied (whether the head is the embedding transposed)");
    expect(() => networkFrom(numbered(quadratic), undefined, { ...settings, tied: true })).toThrow(
      "takes no setting tied",
    );
  });
});

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

test.for<[Settings, string]>([
  [{ heads: 3 }, "heads: expected a divisor of 4, the rows of layers.0.q.weight, found 3"],
  [{ heads: 4 }, 'rotaryBase: expected "none" for heads of odd width 1, found 1000'],
])("%j does not fit the tensors: %s", ([own, message]) => {
  expect(() => networkFrom(numbered(quadratic), undefined, { ...settings, ...own })).toThrow(
    message,
  );
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

test("adapterNamed lists the names there are", () => {
  const find = (): unknown => adapterNamed("transformer");
  expect(find).toThrow(
    'Cannot use adapter: expected one of "simile", "packed", "embed-body-head", "quadratic-transformer"',
  );
  expect(adapterNamed("packed")).toBe(adapters[1]);
  try {
    find();
  } catch (error) {
    expect((error as AdapterError).name).toBe("AdapterError");
  }
});
