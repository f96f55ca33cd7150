import { Dict, List, type PickleValue, Refusal } from "../pickle/value.ts";
import { TorchTensor } from "./tensor.ts";

/** The model's tensors in what `torch.save` was given, and what stood beside them. */
export interface State {
  readonly tensors: ReadonlyMap<string, TorchTensor>;
  /** Plain values beside the tensors, as text; nested names joined by ".". */
  readonly metadata: Readonly<Record<string, string>>;
  /** Other parts that hold tensors, e.g. an optimizer's. */
  readonly ignored: readonly string[];
}

/** Keys under which training scripts keep the model, the surest first. */
const modelKeys = [
  "model_state_dict",
  "state_dict",
  "model_state",
  "model",
  "module",
  "net",
  "network",
  "params",
  "weights",
];

const besides = /^(?:optim|opt_|opt$|lr_|scheduler|scaler|ema|rng|loss|history|amp)/i;

/** Deeper, or more, than any checkpoint; a file can refer to one part many times over. */
const depthLimit = 100;
const partLimit = 200_000;
const metadataLimit = 1000;

/** Longer than any tensor's name: a file can say one long name once and nest it many times over. */
const nameLimit = 1000;
/** Characters of all names together. */
const namesLimit = 2 ** 22;

/**
 * Finds the model in a state dict, or in a dictionary that holds one: under one of the usual keys, else
 * in every part that is not an optimizer's or the like. Nested names are joined by ".".
 *
 * @throws {Refusal} when nothing in it holds tensors, or its parts are too many
 */
export function stateOf(root: PickleValue): State {
  if (root instanceof TorchTensor) {
    return { tensors: new Map([["tensor", root]]), metadata: {}, ignored: [] };
  }
  const walk = new Walk();
  const metadata = walk.plain(root);
  const ignored: string[] = [];
  const parts = walk.model(root, "", ignored);
  const tensors = new Map<string, TorchTensor>();
  for (const [prefix, part] of parts) walk.collect(part, prefix, tensors, 0);
  if (tensors.size > 0) return { tensors, metadata, ignored };
  throw new Refusal("expected a state dict, or a dictionary that holds one, found no tensors");
}

class Walk {
  private readonly holding = new Map<PickleValue, boolean>();
  private visited = 0;
  private characters = 0;

  /** The parts that are the model, each with the prefix of its names. */
  model(value: PickleValue, path: string, ignored: string[], depth = 0): [string, PickleValue][] {
    this.visit(depth);
    if (!(value instanceof Dict)) return [["", value]];
    const key = modelKeys.find((each) => {
      const part = value.entries.get(each);
      return part instanceof Dict && this.holds(part, 0);
    });
    if (key !== undefined) {
      for (const [other, part] of value.entries) {
        if (other !== key && this.holds(part, 0)) ignored.push(this.named(joined(path, other)));
      }
      return this.model(value.entries.get(key)!, joined(path, key), ignored, depth + 1);
    }
    const parts = [...value.entries].filter(([name, part]) => {
      if (part instanceof TorchTensor) return true;
      if (!this.holds(part, 0)) return false;
      const beside = typeof name === "string" && besides.test(name);
      if (beside) ignored.push(this.named(joined(path, name)));
      return !beside;
    });
    const [only, second] = parts;
    if (only !== undefined && second === undefined && only[1] instanceof Dict) {
      return this.model(only[1], joined(path, only[0]), ignored, depth + 1);
    }
    return parts.map(([name, part]) => [joined("", name), part]);
  }

  /** Every tensor below a value, by the path of names to it. */
  collect(value: PickleValue, path: string, into: Map<string, TorchTensor>, depth: number): void {
    this.visit(depth);
    if (value instanceof TorchTensor) {
      if (into.has(this.named(path)))
        throw new Refusal(`expected one tensor called "${path}", found two`);
      into.set(path, value);
    } else if (value instanceof Dict) {
      for (const [name, part] of value.entries) {
        this.collect(part, joined(path, name), into, depth + 1);
      }
    } else if (value instanceof List) {
      for (const [i, part] of value.items.entries()) {
        this.collect(part, joined(path, i), into, depth + 1);
      }
    }
  }

  /** Plain values of dictionaries, as text. */
  plain(root: PickleValue): Readonly<Record<string, string>> {
    const found: [string, string][] = [];
    const look = (value: PickleValue, path: string, depth: number): void => {
      this.visit(depth);
      if (found.length >= metadataLimit || path.length > nameLimit) return;
      if (value instanceof Dict) {
        for (const [name, part] of value.entries) {
          const nested = part instanceof Dict && typeof name === "string" && besides.test(name);
          if (!nested) look(part, joined(path, name), depth + 1);
        }
      } else if (typeof value === "string") {
        if (value.length <= 1000) found.push([path, value]);
      } else if (
        typeof value === "number" ||
        typeof value === "boolean" ||
        typeof value === "bigint"
      ) {
        found.push([path, String(value)]);
      }
    };
    if (root instanceof Dict) look(root, "", 0);
    return Object.fromEntries(found);
  }

  private holds(value: PickleValue, depth: number): boolean {
    if (value instanceof TorchTensor) return true;
    if (!(value instanceof Dict || value instanceof List)) return false;
    const known = this.holding.get(value);
    if (known !== undefined) return known;
    this.visit(depth);
    // Until it is known: a container that holds itself holds no tensor by that.
    this.holding.set(value, false);
    const parts = value instanceof Dict ? [...value.entries.values()] : value.items;
    const holds = parts.some((part) => this.holds(part, depth + 1));
    this.holding.set(value, holds);
    return holds;
  }

  /** The name, when it is one that a model's part can have. */
  private named(name: string): string {
    if (name.length > nameLimit) {
      throw new Refusal(
        `expected names of at most ${nameLimit} characters, found one of ${name.length}`,
      );
    }
    this.characters += name.length;
    if (this.characters > namesLimit) {
      throw new Refusal(`expected names of at most ${namesLimit} characters together, found more`);
    }
    return name;
  }

  private visit(depth: number): void {
    if (depth > depthLimit)
      throw new Refusal(`expected nesting of at most ${depthLimit}, found deeper`);
    if (++this.visited > partLimit) {
      throw new Refusal(`expected at most ${partLimit} parts, found more`);
    }
  }
}

function joined(path: string, name: PickleValue): string {
  const last = typeof name === "string" ? name : String(typeof name === "object" ? "?" : name);
  return path === "" ? last : `${path}.${last}`;
}
