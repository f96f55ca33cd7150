import { join } from "node:path";
import { saveCheckpoint } from "../../src/checkpoint/files/index.ts";
import { matrix } from "../../src/tensor/index.ts";
import { temporaryFolder } from "./folder.ts";

type Rows = readonly (readonly number[])[];

/** The weights of x ↦ down (left x ⊙ right x), row by row. */
export interface SmallWeights {
  readonly left: Rows;
  readonly right: Rows;
  readonly down: Rows;
}

/** x ↦ x₀ x₁, of norm √½. */
export const product: SmallWeights = { left: [[1, 0]], right: [[0, 1]], down: [[1]] };
/** The same function with its factors exchanged. */
export const exchanged: SmallWeights = { left: [[0, 1]], right: [[1, 0]], down: [[1]] };
/** x ↦ (x₀ + x₁)², of norm 2 and cosine √½ with the product. */
export const square: SmallWeights = { left: [[1, 1]], right: [[1, 1]], down: [[1]] };
/** Of three inputs: cannot be compared with the others. */
export const wider: SmallWeights = { left: [[1, 1, 1]], right: [[1, 1, 1]], down: [[1]] };

/** Writes a checkpoint that Simile's own adapter reads; returns its path. */
export async function writeWeights(
  folder: string,
  name: string,
  weights: SmallWeights,
  metadata: Readonly<Record<string, string>> = {},
): Promise<string> {
  const path = join(folder, name);
  const tensors = Object.entries(weights).map(([key, rows]: [string, Rows]) => {
    return [key, matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat()))] as const;
  });
  await saveCheckpoint(path, new Map(tensors), { metadata });
  return path;
}

/** A folder of three checkpoints; by name the last of them comes first. */
export async function threeCheckpoints(): Promise<string> {
  const folder = await temporaryFolder();
  await writeWeights(folder, "step_5.safetensors", product);
  await writeWeights(folder, "step_40.safetensors", square);
  await writeWeights(folder, "step_300.safetensors", exchanged);
  return folder;
}
