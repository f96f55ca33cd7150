import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AttentionLayer,
  adapters,
  type BilinearLayer,
  chosenFit,
  type Layer,
  type LinearLayer,
  type Mask,
  type Network,
  networkFrom,
  outputs,
  type Settings,
} from "../../../src/model/index.ts";
import { type Numbers, type Tensor, transpose } from "../../../src/tensor/index.ts";
import { bilinear, linear, matrices, numbers } from "../../support/networks.ts";
import { weightsIn } from "../../support/weights.ts";

type Tensors = Record<string, Tensor>;

/** Named tensors of a network as other programs would write them, and what these do not hold. */
interface Written {
  readonly network: Network;
  readonly tensors: Tensors;
  readonly settings?: Settings;
}

const vector = (data: Numbers): Tensor => ({ shape: [data.length], data });

/** The tensors with a bias where there is one. */
function withBias(name: string, weight: Tensor, biasName: string, bias?: Numbers): Tensors {
  return { [name]: weight, ...(bias && { [biasName]: vector(bias) }) };
}

function stacked(first: Numbers, second: Numbers): Float64Array {
  return Float64Array.from([...first, ...second]);
}

const sizes = fc.record({ dIn: fc.integer({ min: 1, max: 3 }), d: fc.integer({ min: 1, max: 3 }) });

const simile: fc.Arbitrary<Written> = sizes.chain(({ dIn, d }) =>
  fc
    .tuple(fc.option(linear(dIn, d)), bilinear(d, d, { residual: false }), fc.option(linear(d, 2)))
    .map(([embed, body, head]) => ({
      network: { layers: [embed, body, head].flatMap((layer) => layer ?? []) },
      tensors: {
        ...(embed && withBias("embed", embed.weight, "embed_bias", embed.bias)),
        ...withBias("left", body.left, "left_bias", body.leftBias),
        ...withBias("right", body.right, "right_bias", body.rightBias),
        ...withBias("down", body.down, "down_bias", body.downBias),
        ...(head && withBias("head", head.weight, "head_bias", head.bias)),
      },
    }))
    // Gains are not in the layout of the trainer.
    .map(({ network, tensors }) => ({ network: withoutGains(network), tensors })),
);

const packed: fc.Arbitrary<Written> = sizes.chain(({ dIn, d }) =>
  bilinear(dIn, d, { residual: false }).map((drawn) => {
    const { leftBias, rightBias, ...rest } = drawn;
    const both = leftBias && rightBias ? { leftBias, rightBias } : {};
    const layer: BilinearLayer = { ...rest, ...both };
    const weight = {
      shape: [2 * layer.left.shape[0], dIn],
      data: stacked(layer.left.data, layer.right.data),
    };
    const bias = leftBias && rightBias && stacked(leftBias, rightBias);
    return {
      network: withoutGains({ layers: [layer] }),
      tensors: {
        ...withBias("bi_linear.weight", weight, "bi_linear.bias", bias),
        ...withBias("projection.weight", layer.down, "projection.bias", layer.downBias),
      },
    };
  }),
);

const embedBodyHead: fc.Arbitrary<Written> = sizes.chain(({ dIn, d }) =>
  fc
    .tuple(linear(dIn, d), bilinear(d, d, { residual: false }), linear(d, 2))
    .map(([embed, body, head]) => ({
      network: withoutGains({ layers: [embed, body, head] }),
      tensors: {
        ...withBias("embed.weight", embed.weight, "embed.bias", embed.bias),
        ...withBias("body.left.weight", body.left, "body.left.bias", body.leftBias),
        ...withBias("body.right.weight", body.right, "body.right.bias", body.rightBias),
        ...withBias("body.down.weight", body.down, "body.down.bias", body.downBias),
        ...withBias("head.weight", head.weight, "head.bias", head.bias),
      },
    })),
);

function withoutGains({ layers }: Network): Network {
  return {
    layers: layers.map((layer) => (layer.kind === "bilinear" ? { ...layer, gain: 1 } : layer)),
  };
}

/** How a family of transformers calls its tensors. */
interface Names {
  readonly embed: string;
  readonly head: string;
  readonly layer: (n: number) => string;
  /** Queries and keys by the places they go to. */
  readonly scores: Readonly<Record<string, readonly ("query1" | "key1" | "query2" | "key2")[]>>;
  readonly value: string;
  readonly output: string;
  readonly mlp: (n: number) => string;
  readonly sides: readonly [left: string, right: string, down: string];
}

interface Sizes {
  readonly tokens: number;
  readonly heads: number;
  readonly width: number;
  readonly depth: number;
}

function transformer(names: Names): fc.Arbitrary<Written> {
  const shape = fc.record({
    tokens: fc.integer({ min: 1, max: 3 }),
    heads: fc.constantFrom(1, 2),
    width: fc.constantFrom(1, 2),
    depth: fc.constantFrom(1, 2),
  });
  const settings = fc.record({
    mask: fc.constantFrom<Mask>("causal", "none", "diag"),
    residual: fc.constantFrom(0, 1, -2),
    gain: fc.constantFrom(1, 2),
    mlpResidual: fc.constantFrom(0, 1),
    mlpGain: fc.constantFrom(1, 3),
    nContext: fc.constantFrom(1, 2),
  });
  return fc.tuple(shape, settings).chain(([drawn, given]) => {
    const d = drawn.heads * drawn.width;
    const layers = fc.array(
      fc.tuple(attention(names, drawn), fc.option(bilinear(d, d, { residual: false }))),
      { minLength: drawn.depth, maxLength: drawn.depth },
    );
    return fc
      .tuple(linear(drawn.tokens, d, { biases: false }), layers, linear(d, 2, { biases: false }))
      .map(([embed, blocks, head]) => written(names, drawn, given, embed, blocks, head));
  });
}

type Block = readonly [AttentionLayer, BilinearLayer | null];
interface Drawn {
  readonly mask: Mask;
  readonly residual: number;
  readonly gain: number;
  readonly mlpResidual: number;
  readonly mlpGain: number;
  readonly nContext: number;
}

function attention(names: Names, { heads, width }: Sizes): fc.Arbitrary<AttentionLayer> {
  const d = heads * width;
  return fc
    .tuple(
      ...Object.values(names.scores).map(() => fc.tuple(matrices(d, d), fc.option(numbers(d)))),
      fc.tuple(matrices(d, d), matrices(d, d)),
    )
    .map((drawn) => {
      const scores = Object.values(names.scores).flatMap((places, k) => {
        const [weight, bias] = drawn[k]!;
        return places.flatMap((place) => [
          [place, weight],
          ...(bias ? [[`${place}Bias`, bias]] : []),
        ]);
      });
      const [value, output] = drawn.at(-1)!;
      const layer = { kind: "attention", heads, ...Object.fromEntries(scores), value, output };
      return layer as AttentionLayer;
    });
}

function written(
  names: Names,
  { heads }: Sizes,
  { mlpResidual, mlpGain, nContext, ...own }: Drawn,
  embed: LinearLayer,
  blocks: readonly Block[],
  head: LinearLayer,
): Written {
  const tensors: Tensors = { [names.embed]: transpose(embed.weight), [names.head]: head.weight };
  const layers: Layer[] = [embed];
  for (const [n, [layer, mlp]] of blocks.entries()) {
    layers.push({ ...layer, ...own });
    for (const [name, [place]] of Object.entries(names.scores)) {
      const at = names.layer(n) + name;
      tensors[`${at}.weight`] = layer[place!];
      const bias = layer[`${place!}Bias`];
      if (bias) tensors[`${at}.bias`] = vector(bias);
    }
    tensors[`${names.layer(n)}${names.value}.weight`] = layer.value;
    tensors[`${names.layer(n)}${names.output}.weight`] = layer.output;
    if (!mlp) continue;
    layers.push({ ...mlp, residual: mlpResidual, gain: mlpGain });
    const sides = [
      [mlp.left, mlp.leftBias],
      [mlp.right, mlp.rightBias],
      [mlp.down, mlp.downBias],
    ] as const;
    for (const [k, [weight, bias]] of sides.entries()) {
      const at = names.mlp(n) + names.sides[k]!;
      Object.assign(tensors, withBias(`${at}.weight`, weight, `${at}.bias`, bias));
    }
  }
  const some = blocks.some(([, mlp]) => mlp !== null);
  return {
    network: { layers: [...layers, head], nContext },
    tensors,
    settings: {
      ...own,
      heads,
      nContext,
      rotaryBase: "none",
      ...(some && { mlpResidual, mlpGain }),
    },
  };
}

const one = { q: ["query1", "query2"], k: ["key1", "key2"] } as const;
const two = { q1: ["query1"], k1: ["key1"], q2: ["query2"], k2: ["key2"] } as const;
const projected = <Value>(scores: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(scores).map(([name, places]) => [`${name}_proj`, places]));
const plain = {
  embed: "embed.weight",
  head: "unembed.weight",
  layer: (n: number) => `layers.${n}.`,
  value: "v",
  output: "o",
  mlp: (n: number) => `layers.${n}.mlp.`,
  sides: ["left", "right", "down"],
} as const;
const huggingFace = {
  embed: "model.embed_tokens.weight",
  head: "lm_head.weight",
  layer: (n: number) => `model.layers.${n}.self_attn.`,
  value: "v_proj",
  output: "o_proj",
  mlp: (n: number) => `model.layers.${n}.mlp.`,
  sides: ["gate_proj", "up_proj", "down_proj"],
} as const;

const writers: Readonly<Record<string, fc.Arbitrary<Written>>> = {
  simile,
  packed,
  "embed-body-head": embedBodyHead,
  "quadratic-transformer": transformer({ ...plain, scores: one }),
  "bilinear-transformer": transformer({ ...plain, scores: two }),
  "hf-quadratic-transformer": transformer({ ...huggingFace, scores: projected(one) }),
  "hf-bilinear-transformer": transformer({ ...huggingFace, scores: projected(two) }),
};

test("every adapter of Simile's has a writer here", () => {
  expect(Object.keys(writers)).toEqual(adapters.map(({ name }) => name));
});

/** Whole numbers, so that nothing is rounded and outputs can be compared with toEqual. */
function inputs({ layers, nContext = 1 }: Network): Tensor {
  const [first] = layers;
  const dIn =
    first?.kind === "linear" ? first.weight.shape[1] : (first as BilinearLayer).left.shape[1];
  const shape = [3, nContext, dIn];
  const data = Float64Array.from({ length: 3 * nContext * dIn }, (_, k) => ((k * 5) % 7) - 3);
  return { shape, data };
}

describe.for(Object.entries(writers))(
  "a network written with the names of %s",
  ([name, writer]) => {
    test("is read by that adapter alone, and answers as before", () => {
      fc.assert(
        fc.property(writer, fc.constantFrom("", "module.", "_orig_mod."), (drawn, wrapper) => {
          const { network, settings } = drawn;
          const tensors = Object.fromEntries(
            Object.entries(drawn.tensors).map(([each, tensor]) => [wrapper + each, tensor]),
          );
          const weights = weightsIn(tensors);
          expect(chosenFit(weights, undefined, settings).adapter.name).toBe(name);
          const read = networkFrom(weights, undefined, settings);
          expect(outputs(read, inputs(network))).toEqual(outputs(network, inputs(network)));
        }),
        { numRuns: 30 },
      );
    });
  },
);
