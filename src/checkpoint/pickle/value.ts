/** What a pickle may build: plain values, containers of them, and what its environment allows. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | List
  | Dict
  | Foreign;

/** Thrown by the environment for what it does not make: what was expected and what was found. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** Something that only the environment knows how to make. */
export abstract class Foreign {
  /** What it is, for messages. */
  abstract readonly what: string;
}

/** Something that holds no weights, such as a device: kept by what it is, whatever it was made of. */
export class Inert extends Foreign {
  readonly what: string;

  constructor(what: string) {
    super();
    this.what = what;
  }
}

/** A name the environment allows, and what calling it gives. Nothing of that name is ever loaded. */
export class Global extends Foreign {
  readonly what: string;
  readonly #call: ((args: readonly PickleValue[]) => PickleValue) | undefined;

  constructor(name: string, call?: (args: readonly PickleValue[]) => PickleValue) {
    super();
    this.what = name;
    this.#call = call;
  }

  /** @throws {Refusal} when the name cannot be called, or not with these arguments */
  call(args: readonly PickleValue[]): PickleValue {
    if (this.#call !== undefined) return this.#call(args);
    throw new Refusal("expected something that can be called, found a type");
  }
}

/** A container that nests no deeper than what it was given so far: see `depthOf`. */
abstract class Container {
  depth = 1;

  protected hold(value: PickleValue): void {
    this.depth = Math.max(this.depth, 1 + depthOf(value));
  }
}

/** A list, tuple or set. */
export class List extends Container {
  readonly kind: "list" | "tuple" | "set";
  readonly items: readonly PickleValue[];

  constructor(kind: List["kind"], items: readonly PickleValue[] = []) {
    super();
    this.kind = kind;
    this.items = [];
    this.append(items);
  }

  append(items: readonly PickleValue[]): void {
    for (const item of items) {
      this.hold(item);
      (this.items as PickleValue[]).push(item);
    }
  }
}

const nothing: ReadonlyMap<PickleValue, PickleValue> = new Map();

/** A dictionary in insertion order. */
export class Dict extends Container {
  // Made when first needed: an empty map is 20 times the bytes of the opcode that asks for it.
  #entries: Map<PickleValue, PickleValue> | undefined;

  get entries(): ReadonlyMap<PickleValue, PickleValue> {
    return this.#entries ?? nothing;
  }

  set(key: PickleValue, value: PickleValue): void {
    this.hold(value);
    this.#entries ??= new Map();
    this.#entries.set(key, value);
  }
}

/** 0 for a plain value, 1 + that of the deepest item for a container. */
function depthOf(value: PickleValue): number {
  return value instanceof Container ? value.depth : 0;
}

/** What a value is, for messages. */
export function described(value: PickleValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "None";
  if (value instanceof List) return `a ${value.kind} of ${value.items.length}`;
  if (value instanceof Dict) return `a dictionary of ${value.entries.size}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof Foreign) return value.what;
  return typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : String(value);
}
