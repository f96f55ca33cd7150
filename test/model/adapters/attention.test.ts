import { describe, expect, test } from "vitest";
import {
  adapterNamed,
  checkNetwork,
  fitAdapter,
  networkFrom,
  type Settings,
} from "../../../src/model/index.ts";
import { quadratic, settings } from "../../support/quadratic-weights.ts";
import { numbered, plain, type Shapes } from "../../support/weights.ts";

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

test.for<[Settings, string]>([
  [{ heads: 3 }, "heads: expected a divisor of 4, the rows of layers.0.q.weight, found 3"],
  [{ heads: 4 }, 'rotaryBase: expected "none" for heads of odd width 1, found 1000'],
])("%j does not fit the tensors: %s", ([own, message]) => {
  expect(() => networkFrom(numbered(quadratic), undefined, { ...settings, ...own })).toThrow(
    message,
  );
});
