import type { Weights } from "../network.ts";
import type { Adapter, BilinearRule, LinearRule } from "./adapter.ts";

/** What fitting needs of weights: names and shapes, no numbers. */
export type WeightShapes = Pick<Weights, "source" | "names" | "shape">;

/** The tensors an adapter looks at, by the name it knows them by. */
export interface Scope {
  /** Names as the adapter writes them. */
  readonly names: ReadonlySet<string>;
  /** The name in the checkpoint of a name the adapter writes. */
  stored(name: string): string;
  shape(name: string): readonly number[] | undefined;
}

/** Wrappers that put their own prefix before every name of the model they wrap. */
const wrappers = ["module.", "_orig_mod."];

/** The tensors of `weights` that `adapter` looks at: its prefix, or a wrapper's, taken off. */
export function scopeOf(weights: WeightShapes, adapter: Adapter): Scope {
  let prefix = "";
  let rest = [...weights.names];
  const strip = (start: string): void => {
    rest = rest.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
    prefix += start;
  };
  const wrapper = (): string | undefined =>
    wrappers.find((start) => rest.length > 0 && rest.every((name) => name.startsWith(start)));
  for (let start = wrapper(); start !== undefined; start = wrapper()) strip(start);
  if (adapter.prefix !== undefined) strip(adapter.prefix);
  const names = new Set(rest);
  return {
    names,
    stored: (name) => prefix + name,
    shape: (name) => (names.has(name) ? weights.shape(prefix + name) : undefined),
  };
}

/** The adapter's rules for this scope: repeats unrolled over the indices that occur. */
export function rulesFor(adapter: Adapter, scope: Scope): (LinearRule | BilinearRule)[] {
  return adapter.layers.flatMap((rule) => {
    if (!("repeat" in rule)) return [rule];
    const count = countOf(rule.repeat.flatMap(namesOf), scope);
    return Array.from({ length: count }, (_, n) =>
      rule.repeat.map((layer) => withIndex(layer, n)),
    ).flat();
  });
}

/** Every tensor name a rule may read. */
export function namesOf(rule: LinearRule | BilinearRule): string[] {
  const names =
    rule.kind === "linear"
      ? [rule.weight, rule.bias]
      : "packed" in rule
        ? [rule.packed.tensor, rule.packed.bias, rule.down, rule.downBias]
        : [rule.left, rule.right, rule.leftBias, rule.rightBias, rule.down, rule.downBias];
  return names.filter((name) => name !== undefined);
}

/** 1 + the largest n for which a pattern names a tensor; at least 1, so that absence is reported. */
function countOf(patterns: readonly string[], scope: Scope): number {
  const expressions = patterns
    .filter((pattern) => pattern.includes("{n}"))
    .map((pattern) => new RegExp(`^${pattern.split("{n}").map(escaped).join("(\\d{1,9})")}$`));
  let count = 1;
  for (const name of scope.names) {
    for (const expression of expressions) {
      const index = expression.exec(name)?.[1];
      if (index !== undefined) count = Math.max(count, Number(index) + 1);
    }
  }
  // One name may lie about the depth; what is beyond the number of tensors cannot all be there.
  return Math.min(count, scope.names.size + 1);
}

/** The rule with `{n}` replaced in every name. */
function withIndex<Rule extends LinearRule | BilinearRule>(rule: Rule, n: number): Rule {
  const indexed = (value: unknown): unknown => {
    if (typeof value === "string") return value.replaceAll("{n}", String(n));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, indexed(inner)]));
  };
  return indexed(rule) as Rule;
}

/** True when `name` matches one of the patterns, in which `*` stands for any run of characters. */
export function matchesAny(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`, "s").test(name),
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
