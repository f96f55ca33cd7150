/** Element types a checkpoint file can hold, named as safetensors names them. */
export type StoredType =
  | "F64"
  | "F32"
  | "F16"
  | "BF16"
  | "I64"
  | "I32"
  | "I16"
  | "I8"
  | "U64"
  | "U32"
  | "U16"
  | "U8"
  | "BOOL";

/** A tensor as a file holds it: raw little-endian bytes, row-major. */
export interface StoredTensor {
  readonly type: StoredType;
  readonly shape: readonly number[];
  /** Exactly product(shape) elements of `type`. */
  readonly bytes: Uint8Array;
}

/** Named weights at one training step. */
export interface Checkpoint {
  /** File or label it came from, for messages. */
  readonly source: string;
  /** Training step parsed from the name, absent when the name holds none. */
  readonly step?: number;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Free text the file carries (safetensors `__metadata__`, plain values beside a state dict). */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes that can be read in part, so that a checkpoint is never held whole by need. */
export interface ByteSource {
  readonly name: string;
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Thrown when bytes are not the checkpoint they claim to be; names file, tensor, expected and found. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}
