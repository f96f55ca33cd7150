import type { Weights } from "../network.ts";
import type { Adapter } from "./adapter.ts";
import { namesIn } from "./rules.ts";

/** What fitting needs of weights: names, shapes and what the file says of itself, no numbers. */
export type WeightShapes = Pick<Weights, "source" | "names" | "shape" | "metadata">;

/** The tensors an adapter looks at, by the name it knows them by. */
export interface Scope {
  /** Names as the adapter writes them. */
  readonly names: ReadonlySet<string>;
  /** The name in the checkpoint of a name the adapter writes. */
  stored(name: string): string;
  shape(name: string): readonly number[] | undefined;
}

/** What wrappers put before the names of the model they wrap. */
const wrappers = ["module.", "model.", "transformer.", "network.", "net."];
/** What torch.compile puts into the names of a model, or of a part of one. */
const compiled = "_orig_mod.";

/**
 * The tensors of `weights` that `adapter` looks at: names without what wrappers put before them, unless
 * the adapter itself names it, and without its prefix. Two names never become one.
 */
export function scopeOf(weights: WeightShapes, adapter: Adapter): Scope {
  const own = [adapter.prefix ?? "", ...(adapter.ignore ?? []), ...namesIn(adapter.layers)];
  const foreign = wrappers.filter((wrapper) => !own.some((name) => name.startsWith(wrapper)));
  const keepsCompiled = own.some((name) => name.includes(compiled));
  const stored = new Map<string, string>();
  const beginnings = new Set<string>();
  for (const name of weights.names) {
    const plain = unwrapped(keepsCompiled ? name : name.replaceAll(compiled, ""), foreign);
    if (!plain.startsWith(adapter.prefix ?? "")) continue;
    const known = plain.slice(adapter.prefix?.length ?? 0);
    if (name.endsWith(known)) beginnings.add(name.slice(0, name.length - known.length));
    stored.set(stored.has(known) ? name : known, name);
  }
  const [beginning = adapter.prefix ?? "", another] = beginnings;
  const missing = another === undefined ? beginning : (adapter.prefix ?? "");
  return {
    names: new Set(stored.keys()),
    stored: (name) => stored.get(name) ?? missing + name,
    shape: (name) => (stored.has(name) ? weights.shape(stored.get(name)!) : undefined),
  };
}

function unwrapped(name: string, foreign: readonly string[]): string {
  const wrapper = foreign.find((start) => name.startsWith(start));
  return wrapper === undefined ? name : unwrapped(name.slice(wrapper.length), foreign);
}
