import type { WeightShapes, Weights } from "../model/index.ts";
import { fault } from "./bytes.ts";
import type { Checkpoint, CheckpointIndex } from "./checkpoint.ts";
import { listed } from "./contents.ts";
import { tensorOf } from "./element.ts";

/**
 * A checkpoint's tensors by name, each decoded to float64 when asked for.
 *
 * @throws {CheckpointError} (the result's `tensor`) when there is none of that name
 */
export function weightsOf(
  checkpoint: Pick<Checkpoint, "source" | "tensors"> & Partial<Pick<Checkpoint, "metadata">>,
): Weights {
  const { source, tensors, metadata } = checkpoint;
  return {
    source,
    ...(metadata && { metadata }),
    names: [...tensors.keys()],
    shape: (name) => tensors.get(name)?.shape,
    tensor: (name) => {
      const stored = tensors.get(name);
      if (stored === undefined) {
        throw fault(source, `expected one of ${listed([...tensors.keys()])}, found none`, name);
      }
      return tensorOf(stored, name);
    },
  };
}

/** What a file holds without its numbers, enough to choose an adapter before one is read. */
export function shapesOf({ source, tensors, metadata }: CheckpointIndex): WeightShapes {
  const names = [...tensors.keys()];
  return { source, names, metadata, shape: (name) => tensors.get(name)?.shape };
}
