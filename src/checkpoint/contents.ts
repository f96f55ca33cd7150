import { fault } from "./bytes.ts";
import type { ByteSource, CheckpointFormat, CheckpointIndex, TensorInfo } from "./checkpoint.ts";
import { elementSize, elementsOf } from "./element.ts";
import { stepOf } from "./step.ts";

/** Metadata keys under which trainers keep the step. */
const stepKeys = ["step", "global_step", "training_step", "iteration", "iter"];

/** What a format's reader found in a file, before it is checked as a whole. */
export interface Found<Place extends TensorInfo> {
  readonly format: CheckpointFormat;
  readonly tensors: ReadonlyMap<string, Place>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly ignored?: readonly string[];
  /** Row-major little-endian bytes of one tensor. */
  bytes(place: Place, name: string): Promise<Uint8Array>;
}

/** The index of a file from what its format's reader found. */
export function contentsOf<Place extends TensorInfo>(
  source: ByteSource,
  found: Found<Place>,
): CheckpointIndex {
  const { format, tensors, metadata, ignored = [] } = found;
  const step = stepOf(source.name) ?? recordedStep(metadata);
  return {
    source: source.name,
    format,
    ...(step !== undefined && { step }),
    tensors: new Map([...tensors].map(([name, { type, shape }]) => [name, { type, shape }])),
    metadata,
    ignored,
    read: async (name) => {
      const place = tensors.get(name);
      if (place === undefined) {
        throw fault(
          source.name,
          `expected one of ${listed([...tensors.keys()])}, found none`,
          name,
        );
      }
      const { type, shape } = place;
      const bytes = await found.bytes(place, name);
      const expected = elementsOf(shape)! * elementSize[type];
      if (bytes.length !== expected) {
        throw fault(source.name, `expected ${expected} bytes, found ${bytes.length}`, name);
      }
      return { type, shape, bytes };
    },
  };
}

/** Names for a message, the first dozen of many. */
export function listed(names: readonly string[]): string {
  return names.length > 12
    ? `${names.slice(0, 12).join(", ")} and ${names.length - 12} more`
    : names.join(", ");
}

/** The step that a file's own text says it is of. */
export function recordedStep(metadata: Readonly<Record<string, string>>): number | undefined {
  for (const key of stepKeys) {
    if (!Object.hasOwn(metadata, key) || !/^\d+$/.test(metadata[key]!)) continue;
    const step = Number(metadata[key]);
    if (Number.isSafeInteger(step)) return step;
  }
  return undefined;
}
