import type { Adapter, Names, Repeat, Rule } from "./adapter.ts";
import { indexIn } from "./pattern.ts";

/** The adapter's rules for a checkpoint of those names: repeats unrolled over the indices that occur. */
export function rulesFor(adapter: Adapter, names: ReadonlySet<string>): Rule[] {
  return adapter.layers.flatMap((rule) => {
    if (!("repeat" in rule)) return [rule];
    const count = countOf(namesIn(rule.repeat), names);
    return Array.from({ length: count }, (_, n) =>
      rule.repeat.map((layer) => withIndex(layer, n)),
    ).flat();
  });
}

/** Every tensor name that layers may read. */
export function namesIn(layers: readonly (Rule | Repeat)[]): string[] {
  return layers.flatMap((rule) => ("repeat" in rule ? namesIn(rule.repeat) : namesOf(rule)));
}

function namesOf(rule: Rule): string[] {
  const read: (Names | undefined)[] =
    rule.kind === "linear"
      ? [rule.weight, rule.bias, rule.tied]
      : rule.kind === "bilinear"
        ? [rule.down, rule.downBias, ...sidesOf(rule)]
        : [rule.value, rule.output, ...scoresOf(rule)];
  return read.flatMap((names) => names ?? []);
}

type Of<Kind extends Rule["kind"]> = Extract<Rule, { kind: Kind }>;

function sidesOf(rule: Of<"bilinear">): (Names | undefined)[] {
  return "packed" in rule
    ? [rule.packed.tensor, rule.packed.bias]
    : [rule.left, rule.right, rule.leftBias, rule.rightBias];
}

function scoresOf(rule: Of<"attention">): (Names | undefined)[] {
  if ("query" in rule) return [rule.query, rule.key, rule.queryBias, rule.keyBias];
  const { query1, key1, query2, key2 } = rule;
  const biases = [rule.query1Bias, rule.key1Bias, rule.query2Bias, rule.key2Bias];
  return [query1, key1, query2, key2, ...biases];
}

/** 1 + the largest n for which a pattern names a tensor; at least 1, so that absence is reported. */
function countOf(patterns: readonly string[], names: ReadonlySet<string>): number {
  let count = 1;
  for (const name of names) {
    for (const pattern of patterns) count = Math.max(count, (indexIn(name, pattern) ?? 0) + 1);
  }
  // One name may lie about the depth; what is beyond the number of tensors cannot all be there.
  return Math.min(count, names.size + 1);
}

/** The rule with `{n}` replaced in every name. */
function withIndex(rule: Rule, n: number): Rule {
  const indexed = (value: unknown): unknown => {
    if (typeof value === "string") return value.replaceAll("{n}", String(n));
    if (Array.isArray(value)) return value.map(indexed);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, indexed(inner)]));
  };
  return indexed(rule) as Rule;
}
