import type { AttentionRule, BilinearRule, LinearRule, Names, Rule } from "./adapter.ts";
import type { FoundMatrix, Inventory } from "./inventory.ts";
import type { Lookup } from "./lookup.ts";
import type { AffineSource, BilinearSource, LayerSource } from "./source.ts";

/** Makes layers of rules, one after the other, and follows the width of the wire between them. */
export class Fitting {
  private readonly tensors: Inventory;
  private readonly settings: Lookup;
  /** Size of the wire after the layers so far, when known. */
  private width: number | undefined;

  constructor(tensors: Inventory, settings: Lookup) {
    this.tensors = tensors;
    this.settings = settings;
  }

  /** The next layer; undefined where the checkpoint has none and need not. */
  layer(rule: Rule): LayerSource | undefined {
    if (rule.kind === "linear") return this.linear(rule);
    return rule.kind === "bilinear" ? this.bilinear(rule) : this.attention(rule);
  }

  private linear(rule: LinearRule): LayerSource | undefined {
    const { tensors } = this;
    let weight = rule.weight;
    let transpose = rule.transpose ?? false;
    if (!tensors.has(rule.weight)) {
      if (rule.tied !== undefined) {
        if (this.settings.ask("tied") !== true) return undefined;
        [weight, transpose] = [rule.tied, false];
      } else if (rule.optional === true) return undefined;
    }
    const found = tensors.matrix(weight, ["out", this.width ?? "in"], transpose);
    const affine = tensors.affine(found, rule.bias, found.size?.[0]);
    this.width = found.size?.[0];
    return { kind: "linear", affine, transpose };
  }

  private bilinear(rule: BilinearRule): LayerSource | undefined {
    const { tensors, settings } = this;
    const inputs = "packed" in rule ? [rule.packed.tensor] : [rule.left, rule.right];
    if (rule.optional === true && !tensors.has(rule.down, ...inputs)) return undefined;
    const transpose = rule.transpose ?? false;
    const { input, size } = this.sides(rule, transpose);
    const gain = settings.given(rule.gain ?? 1, "gain") ?? 1;
    const residual = settings.residual(rule.residual ?? 0, gain) ?? 0;
    const out = residual === 0 ? "out" : (size?.[1] ?? "out");
    const down = tensors.matrix(rule.down, [out, size?.[0] ?? "m"], transpose);
    this.width = down.size?.[0];
    const downAffine = tensors.affine(down, rule.downBias, down.size?.[0]);
    return { kind: "bilinear", input, down: downAffine, transpose, residual, gain };
  }

  /** The left and right matrices, with [m, in] of each where known. */
  private sides(
    rule: BilinearRule,
    transpose: boolean,
  ): { readonly input: BilinearSource["input"]; readonly size: FoundMatrix["size"] } {
    const { tensors, width } = this;
    if ("packed" in rule) {
      const { tensor, bias, axis = 0 } = rule.packed;
      const both = tensors.packed(tensor, axis, transpose, width);
      const packed = tensors.affine(both, bias, both.size && 2 * both.size[0]);
      return { input: { packed, axis }, size: both.size };
    }
    const left = tensors.matrix(rule.left, ["m", width ?? "in"], transpose);
    const right = tensors.matrix(rule.right, left.size ?? ["m", width ?? "in"], transpose);
    const size = left.size ?? right.size;
    const input = {
      left: tensors.affine(left, rule.leftBias, size?.[0]),
      right: tensors.affine(right, rule.rightBias, size?.[0]),
    };
    return { input, size };
  }

  private attention(rule: AttentionRule): LayerSource {
    const { tensors, settings, width } = this;
    const transpose = rule.transpose ?? false;
    let size: FoundMatrix["size"];
    const leg = (names: Names): FoundMatrix => {
      const found = tensors.matrix(names, size ?? ["heads · dh", width ?? "in"], transpose);
      size ??= found.size;
      return found;
    };
    const score = (names: Names, bias: Names | undefined): AffineSource => {
      const found = leg(names);
      return tensors.affine(found, bias, size?.[0]);
    };
    const scores = "query" in rule ? quadratic(rule, score) : bilinear(rule, score);
    const value = leg(rule.value);
    const heads = settings.given(rule.heads, "heads");
    const rotaryBase = settings.given(rule.rotaryBase, "rotaryBase");
    if (heads !== undefined && size !== undefined) {
      this.checkHeads(heads, size[0], rotaryBase, scores.query1.weight);
    }
    const gain = settings.given(rule.gain, "gain") ?? 1;
    const residual = settings.residual(rule.residual, gain) ?? 0;
    const out = residual === 0 ? "out" : (size?.[1] ?? "out");
    const output = tensors.matrix(rule.output, [out, size?.[0] ?? "heads · dh"], transpose);
    this.width = output.size?.[0];
    return {
      kind: "attention",
      ...scores,
      value: value.name,
      output: output.name,
      transpose,
      heads: heads ?? 1,
      mask: settings.given(rule.mask, "mask") ?? "causal",
      ...(typeof rotaryBase === "number" && { rotaryBase }),
      residual,
      gain,
    };
  }

  private checkHeads(
    heads: number,
    rows: number,
    rotaryBase: number | "none" | undefined,
    query: string,
  ): void {
    if (rows % heads !== 0) {
      this.settings.refused.add(
        `heads: expected a divisor of ${rows}, the rows of ${query}, found ${heads}`,
      );
    } else if (typeof rotaryBase === "number" && (rows / heads) % 2 !== 0) {
      this.settings.refused.add(
        `rotaryBase: expected "none" for heads of odd width ${rows / heads}, found ${rotaryBase}`,
      );
    }
  }
}

type Score = (names: Names, bias: Names | undefined) => AffineSource;
type Scores = Readonly<Record<"query1" | "key1" | "query2" | "key2", AffineSource>>;

function quadratic(rule: Extract<AttentionRule, { query: Names }>, score: Score): Scores {
  const query = score(rule.query, rule.queryBias);
  const key = score(rule.key, rule.keyBias);
  return { query1: query, key1: key, query2: query, key2: key };
}

function bilinear(rule: Extract<AttentionRule, { query1: Names }>, score: Score): Scores {
  return {
    query1: score(rule.query1, rule.query1Bias),
    key1: score(rule.key1, rule.key1Bias),
    query2: score(rule.query2, rule.query2Bias),
    key2: score(rule.key2, rule.key2Bias),
  };
}
