import type { StoredType } from "../checkpoint.ts";
import { described, Foreign, Global, List, type PickleValue, Refusal } from "../pickle/value.ts";

/** Element types by the names torch gives its storages; a tensor of them says what its bytes are. */
const storageTypes: Readonly<Record<string, StoredType>> = {
  DoubleStorage: "F64",
  FloatStorage: "F32",
  HalfStorage: "F16",
  BFloat16Storage: "BF16",
  LongStorage: "I64",
  IntStorage: "I32",
  ShortStorage: "I16",
  CharStorage: "I8",
  ByteStorage: "U8",
  BoolStorage: "BOOL",
};

/** The global that names a kind of storage. */
export class StorageKind extends Global {
  /** Undefined for bytes of no type. */
  readonly type: StoredType | undefined;

  constructor(name: string, type: StoredType | undefined) {
    super(name);
    this.type = type;
  }
}

/** Kinds of storages by full name, on any device. */
export const storageKinds: ReadonlyMap<string, StorageKind> = new Map(
  [
    ...Object.entries(storageTypes).flatMap(([name, type]) =>
      ["torch", "torch.cuda"].map((module) => new StorageKind(`${module}.${name}`, type)),
    ),
    new StorageKind("torch.storage.UntypedStorage", undefined),
    new StorageKind("torch.UntypedStorage", undefined),
  ].map((kind) => [kind.what, kind]),
);

/** Bytes in the archive that tensors are views of. */
export class Storage extends Foreign {
  readonly what: string;
  /** Name of the file in the archive's data folder. */
  readonly key: string;
  readonly type: StoredType | undefined;
  /** Number of elements; of bytes where there is no type. */
  readonly count: number;

  constructor(key: string, type: StoredType | undefined, count: number) {
    super();
    this.what = `storage ${key}`;
    this.key = key;
    this.type = type;
    this.count = count;
  }
}

/**
 * The storage a persistent id ("storage", kind, key, device, count) stands for; the device does not matter.
 *
 * @throws {Refusal} when the id is another
 */
export function storageOf(id: PickleValue): Storage {
  const items = id instanceof List ? id.items : [];
  const [word, kind, key, , count] = items;
  if (word !== "storage" || items.length !== 5) {
    throw new Refusal(`expected a storage of 5 parts, found ${described(id)}`);
  }
  if (!(kind instanceof StorageKind)) {
    throw new Refusal(`expected a kind of storage, found ${described(kind)}`);
  }
  if (typeof key !== "string") throw new Refusal(`expected a key, found ${described(key)}`);
  if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 0) {
    throw new Refusal(`expected a number of elements, found ${described(count)}`);
  }
  return new Storage(key, kind.type, count);
}
