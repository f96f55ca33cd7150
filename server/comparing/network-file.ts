import { dirname } from "node:path";
import { adapterBeside, fileSource, openCheckpoint } from "../../src/checkpoint/files/index.ts";
import { contentHash, indexCheckpoint, weightsOf } from "../../src/checkpoint/index.ts";
import { builtNetwork, chosenFit, describeNetwork, type Network } from "../../src/model/index.ts";
import type { ReadingRequest } from "./reading.ts";

/** A checkpoint file as a network, and what a result says of it. */
export interface NetworkFile {
  readonly network: Network;
  readonly about: {
    readonly file: string;
    /** Training step, where the name or the file says. */
    readonly step?: number;
    /** In a line, e.g. `"226 → bilinear 64 → 113"`. */
    readonly network: string;
    readonly adapter: string;
    /** SHA-256 of the tensors, see the library's `contentHash`. */
    readonly contentHash: string;
  };
}

/**
 * The network in a file, as the request says, else as simile.json beside it says.
 *
 * @throws {CheckpointError} when the file is no checkpoint
 * @throws {AdapterError} when the adapter, or every one of Simile's, does not fit
 */
export async function readNetworkFile(file: string, reading: ReadingRequest): Promise<NetworkFile> {
  const checkpoint = await openCheckpoint(file);
  const weights = weightsOf(checkpoint);
  const fit = chosenFit(weights, await adapterFor(file, reading), reading.settings);
  const network = builtNetwork(weights, fit);
  const { step } = checkpoint;
  return {
    network,
    about: {
      file,
      ...(step !== undefined && { step }),
      network: describeNetwork(network),
      adapter: fit.adapter.name,
      contentHash: await contentHash(checkpoint),
    },
  };
}

/**
 * Whether a network can be made of a file, without reading its numbers.
 *
 * @throws {CheckpointError} or {AdapterError} when none can
 */
export async function refuseMisfit(file: string, reading: ReadingRequest): Promise<void> {
  const source = await fileSource(file);
  try {
    const { tensors, metadata } = await indexCheckpoint(source);
    const names = [...tensors.keys()];
    chosenFit(
      { source: file, names, shape: (name) => tensors.get(name)?.shape, metadata },
      await adapterFor(file, reading),
      reading.settings,
    );
  } finally {
    await source.close();
  }
}

/** The adapter asked for, else that of the file's folder, else none: Simile's are tried. */
export async function adapterFor(
  file: string,
  { adapter }: ReadingRequest,
): Promise<ReadingRequest["adapter"]> {
  return adapter ?? (await adapterBeside(dirname(file)));
}
