import type { StoredType, TensorInfo } from "../checkpoint.ts";
import { elementSize, elementsOf } from "../element.ts";
import {
  Dict,
  described,
  Foreign,
  Global,
  List,
  type PickleValue,
  Refusal,
} from "../pickle/value.ts";
import { Storage } from "./storage.ts";

/** A tensor as torch saves it: a strided view of a storage. */
export class TorchTensor extends Foreign implements TensorInfo {
  readonly what: string;
  readonly type: StoredType;
  readonly shape: readonly number[];
  /** Elements between neighbours along each axis. */
  readonly strides: readonly number[];
  /** Element of the storage at which it begins. */
  readonly offset: number;
  readonly storage: Storage;

  constructor(
    storage: Storage,
    type: StoredType,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
  ) {
    super();
    this.what = `a tensor [${shape.join(", ")}]`;
    this.storage = storage;
    this.type = type;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** The global that names an element type, as newer tensors carry it beside an untyped storage. */
export class TypeName extends Global {
  readonly type: StoredType;

  constructor(name: string, type: StoredType) {
    super(name);
    this.type = type;
  }
}

/**
 * torch._utils._rebuild_tensor and _rebuild_tensor_v2: (storage, offset, shape, strides, …).
 *
 * @throws {Refusal} when the view does not lie in its storage
 */
export function rebuiltTensor(args: readonly PickleValue[]): TorchTensor {
  const [storage, offset, shape, strides, , , metadata] = args;
  if (!(storage instanceof Storage) || storage.type === undefined) {
    throw new Refusal(`expected a storage with a type, found ${described(storage)}`);
  }
  refuseMetadata(metadata);
  return view(storage, storage.type, storage.count, offset, shape, strides);
}

/**
 * torch._utils._rebuild_tensor_v3: (storage, offset, shape, strides, gradient, hooks, type, …), for types
 * that have no kind of storage of their own.
 *
 * @throws {Refusal} when the view does not lie in its storage, or the type is none we read
 */
export function rebuiltTypedTensor(args: readonly PickleValue[]): TorchTensor {
  const [storage, offset, shape, strides, , , type, metadata] = args;
  if (!(storage instanceof Storage)) {
    throw new Refusal(`expected a storage, found ${described(storage)}`);
  }
  if (!(type instanceof TypeName)) {
    throw new Refusal(`expected an element type, found ${described(type)}`);
  }
  refuseMetadata(metadata);
  const bytes = storage.count * (storage.type === undefined ? 1 : elementSize[storage.type]);
  const count = Math.floor(bytes / elementSize[type.type]);
  return view(storage, type.type, count, offset, shape, strides);
}

/** Metadata says that the numbers are to be negated or conjugated when read. */
function refuseMetadata(metadata: PickleValue | undefined): void {
  if (!(metadata instanceof Dict)) return;
  if (metadata.entries.get("neg") === true || metadata.entries.get("conj") === true) {
    throw new Refusal("expected plain numbers, found a view to be negated or conjugated");
  }
}

/** Most axes torch allows. */
const rankLimit = 64;

function view(
  storage: Storage,
  type: StoredType,
  count: number,
  offset: PickleValue | undefined,
  shape: PickleValue | undefined,
  strides: PickleValue | undefined,
): TorchTensor {
  const [begin] = wholeNumbers("an offset", new List("tuple", [offset ?? null]));
  const sizes = wholeNumbers("a shape", shape);
  const steps = wholeNumbers("strides", strides);
  if (steps.length !== sizes.length) {
    throw new Refusal(`expected ${sizes.length} strides, found ${steps.length}`);
  }
  const elements = elementsOf(sizes);
  if (elements === undefined) {
    throw new Refusal(`expected a shape below 2^53, found [${sizes.join(", ")}]`);
  }
  const last = sizes.reduce((sum, size, axis) => sum + (size - 1) * steps[axis]!, begin!);
  if (elements > 0 && !(last < count)) {
    throw new Refusal(
      `expected a view of ${storage.what} of ${count} elements, found [${sizes.join(", ")}] with strides [${steps.join(", ")}] from ${begin}, which ends at ${last}`,
    );
  }
  // A view that repeats elements can be any size over a storage of one: a bomb.
  if (elements > Math.max(count, 1 << 16)) {
    throw new Refusal(
      `expected a view of at most ${count} elements of ${storage.what}, found [${sizes.join(", ")}]`,
    );
  }
  return new TorchTensor(storage, type, begin!, sizes, steps);
}

function wholeNumbers(what: string, value: PickleValue | undefined): number[] {
  const items = value instanceof List && value.kind === "tuple" ? value.items : undefined;
  if (items !== undefined && items.length > rankLimit) {
    throw new Refusal(`expected ${what} of at most ${rankLimit} axes, found ${items.length}`);
  }
  const whole = items?.every(
    (item) => typeof item === "number" && Number.isSafeInteger(item) && item >= 0,
  );
  if (items === undefined || whole !== true) {
    const found = items === undefined ? described(value) : items.map(described).join(", ");
    throw new Refusal(`expected ${what} of whole numbers, found ${found.slice(0, 200)}`);
  }
  return items as number[];
}
