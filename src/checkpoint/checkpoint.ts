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

/** What is known of a tensor before its numbers are read. */
export interface TensorInfo {
  readonly type: StoredType;
  readonly shape: readonly number[];
}

/** A tensor as a file holds it: raw little-endian bytes, row-major. */
export interface StoredTensor extends TensorInfo {
  /** Exactly product(shape) elements of `type`. */
  readonly bytes: Uint8Array;
}

/** Named weights at one training step. */
export interface Checkpoint {
  /** File or label it came from, for messages. */
  readonly source: string;
  /** Training step parsed from the name, else from the metadata; absent when neither holds one. */
  readonly step?: number;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Free text the file carries (safetensors `__metadata__`, plain values beside a state dict). */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The file formats that can be read. */
export type CheckpointFormat = "safetensors" | "torch" | "npy" | "npz";

/** What a checkpoint file holds, known without reading its numbers. */
export interface CheckpointIndex {
  readonly source: string;
  readonly format: CheckpointFormat;
  readonly step?: number;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Parts of the file that hold tensors but are not the model, e.g. `optimizer_state_dict`. */
  readonly ignored: readonly string[];
  /**
   * Reads one tensor.
   *
   * @throws {CheckpointError} when there is none of that name, or its bytes are not what they claim
   */
  read(name: string): Promise<StoredTensor>;
}

/** Bytes that can be read in part, so that a checkpoint is never held whole by need. */
export interface ByteSource {
  readonly name: string;
  readonly size: number;
  /** Exactly `length` bytes from `offset`, which the caller must not change; rejects when there are fewer. */
  read(offset: number, length: number): Promise<Uint8Array>;
  close?(): Promise<void>;
}

/** Thrown when bytes are not the checkpoint they claim to be; names file, tensor, expected and found. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}
