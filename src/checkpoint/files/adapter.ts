import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  type Adapter,
  AdapterError,
  type AdapterLike,
  adapterNamed,
  userAdapter,
} from "../../model/index.ts";
import { fileSource } from "./source.ts";

/** File beside checkpoints that says how to read them, see `openAdapter`. */
export const adapterFile = "simile.json";

/** No description is longer; what is was not meant to be one. */
const longest = 1_000_000;

/**
 * The adapter that a JSON file describes. Nothing in the file is run.
 *
 * @throws {CheckpointError} when the file cannot be read
 * @throws {AdapterError} naming the file, the place in it, what was expected there and what was found
 */
export async function openAdapter(file: string): Promise<Adapter> {
  const source = await fileSource(resolve(file), file);
  try {
    if (source.size > longest) {
      throw new AdapterError(
        `Cannot use adapter: ${file}: expected at most ${longest} bytes, found ${source.size}`,
      );
    }
    const bytes = await source.read(0, source.size);
    return userAdapter(new TextDecoder().decode(bytes), file);
  } finally {
    await source.close();
  }
}

/**
 * The adapter that is meant: one of Simile's by its name, a JSON file by a path that ends in ".json", or
 * a description, which is checked.
 *
 * @throws {AdapterError} and {CheckpointError} as `openAdapter`
 */
export async function adapterMeant(meant: string | Adapter | AdapterLike): Promise<Adapter> {
  if (typeof meant !== "string") return userAdapter(meant);
  return meant.toLowerCase().endsWith(".json") ? openAdapter(meant) : adapterNamed(meant);
}

/** The adapter in the file beside checkpoints, where there is one. Throws as `openAdapter`. */
export async function adapterBeside(folder: string): Promise<Adapter | undefined> {
  const path = join(folder, adapterFile);
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? openAdapter(path) : undefined;
}
