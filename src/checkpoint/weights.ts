import type { WeightShapes, Weights } from "../model/index.ts";
import { fault } from "./bytes.ts";
import type { Checkpoint, CheckpointIndex } from "./checkpoint.ts";
import { listed } from "./contents.ts";
import { tensorOf } from "./element.ts";

/**
 * A checkpoint's tensors by name, each decoded to float64 when asked for.
 *
 * `tensor` throws a {@link CheckpointError} when there is none of that name.
 */
export function weightsOf(checkpoint: Pick<Checkpoint, "source" | "tensors">): Weights {
  const { source, tensors } = checkpoint;
  return {
    source,
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

/** Names and shapes of what a file holds, enough to choose an adapter before a number is read. */
export function shapesOf({ source, tensors }: CheckpointIndex): WeightShapes {
  return { source, names: [...tensors.keys()], shape: (name) => tensors.get(name)?.shape };
}
