import type { Adapter, AttentionRule, BilinearRule, Names } from "./adapter.ts";

/** Each beginning with each ending, in that order. */
function each(beginnings: readonly string[], endings: readonly string[]): Names {
  return beginnings.flatMap((beginning) => endings.map((ending) => beginning + ending));
}

/** How a family of transformers calls its tensors; biases end in "bias" where weights end in "weight". */
interface Family {
  readonly name: string;
  readonly summary: string;
  readonly embed: Names;
  readonly head: Names;
  readonly headBias: Names;
  /** Beginnings of what belongs to attention, with `{n}`. */
  readonly attention: readonly string[];
  /** Endings of the queries and so on, without ".weight". */
  readonly value: string;
  readonly output: string;
  readonly scores:
    | { readonly query: string; readonly key: string }
    | {
        readonly query1: string;
        readonly key1: string;
        readonly query2: string;
        readonly key2: string;
      };
  /** Beginnings of what belongs to the bilinear layer beside attention, with `{n}`. */
  readonly mlp: readonly string[];
  readonly sides: { readonly left: string; readonly right: string; readonly down: string };
  /** True where a tensor may be named without ".weight". */
  readonly bare: boolean;
}

/** Tokens embedded by a table [vocabulary, width], attention and bilinear layers in turn, a head. */
function transformer(family: Family): Adapter {
  const { attention, mlp, scores, sides, bare } = family;
  const weights = (at: readonly string[], name: string): Names =>
    each(at, bare ? [`${name}.weight`, name] : [`${name}.weight`]);
  const biases = (at: readonly string[], name: string): Names =>
    each(at, bare ? [`${name}.bias`, `${name}_bias`] : [`${name}.bias`]);
  const attentionRule = {
    kind: "attention",
    ...Object.fromEntries(
      Object.entries(scores).flatMap(([role, name]) => [
        [role, weights(attention, name)],
        [`${role}Bias`, biases(attention, name)],
      ]),
    ),
    value: weights(attention, family.value),
    output: weights(attention, family.output),
  } as AttentionRule;
  const mlpRule = {
    kind: "bilinear",
    ...Object.fromEntries(
      Object.entries(sides).flatMap(([role, name]) => [
        [role, weights(mlp, name)],
        [`${role}Bias`, biases(mlp, name)],
      ]),
    ),
    residual: { setting: "mlpResidual" },
    gain: { setting: "mlpGain" },
    optional: true,
  } as BilinearRule;
  return {
    name: family.name,
    summary: family.summary,
    layers: [
      { kind: "linear", weight: family.embed, transpose: true },
      { repeat: [attentionRule, mlpRule] },
      { kind: "linear", weight: family.head, bias: family.headBias, tied: family.embed },
    ],
    // What rotary embeddings and masks keep beside the weights, computed from the settings.
    ignore: ["*.inv_freq", "*.cos_cached", "*.sin_cached", "*.causal_mask"],
  };
}

const plain = {
  embed: ["embed.weight", "embed"],
  head: ["unembed.weight", "unembed", "head.weight", "head"],
  headBias: ["unembed.bias", "unembed_bias", "head.bias", "head_bias"],
  attention: ["layers.{n}.", "layers.{n}.attn."],
  value: "v",
  output: "o",
  mlp: ["layers.{n}.mlp.", "layers.{n}."],
  sides: { left: "left", right: "right", down: "down" },
  bare: true,
} as const;

const huggingFace = {
  embed: ["embed_tokens.weight", "wte.weight"],
  head: ["lm_head.weight", "embed_out.weight"],
  headBias: ["lm_head.bias", "embed_out.bias"],
  attention: ["layers.{n}.self_attn.", "h.{n}.attn.", "layers.{n}.attention."],
  value: "v_proj",
  output: "o_proj",
  mlp: ["layers.{n}.mlp.", "h.{n}.mlp."],
  sides: { left: "gate_proj", right: "up_proj", down: "down_proj" },
  bare: false,
} as const;

/** Transformers without norms and softmax, by what their tensors are called. */
export const transformers: readonly Adapter[] = [
  transformer({
    ...plain,
    name: "quadratic-transformer",
    summary:
      "embed [vocabulary, width], layers.N.{q,k,v,o} whose score is squared, unembed or head; layers.N.mlp.{left,right,down} where there are any",
    scores: { query: "q", key: "k" },
  }),
  transformer({
    ...plain,
    name: "bilinear-transformer",
    summary:
      "embed [vocabulary, width], layers.N.{q1,k1,q2,k2,v,o}, unembed or head; layers.N.mlp.{left,right,down} where there are any",
    scores: { query1: "q1", key1: "k1", query2: "q2", key2: "k2" },
  }),
  transformer({
    ...huggingFace,
    name: "hf-quadratic-transformer",
    summary:
      "embed_tokens or wte, layers.N.self_attn or h.N.attn with {q,k,v,o}_proj whose score is squared, lm_head; mlp.{gate,up,down}_proj as a bilinear layer where there are any",
    scores: { query: "q_proj", key: "k_proj" },
  }),
  transformer({
    ...huggingFace,
    name: "hf-bilinear-transformer",
    summary:
      "embed_tokens or wte, layers.N.self_attn or h.N.attn with {q1,k1,q2,k2,v,o}_proj, lm_head; mlp.{gate,up,down}_proj as a bilinear layer where there are any",
    scores: { query1: "q1_proj", key1: "k1_proj", query2: "q2_proj", key2: "k2_proj" },
  }),
];
