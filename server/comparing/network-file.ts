import { openCheckpoint } from "../../src/checkpoint/files/index.ts";
import { contentHash, weightsOf } from "../../src/checkpoint/index.ts";
import {
  type Adapter,
  builtNetwork,
  chosenFit,
  describeNetwork,
  type Network,
} from "../../src/model/index.ts";

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
 * @throws {CheckpointError} when the file is no checkpoint
 * @throws {AdapterError} when the adapter, or every one of Simile's, does not fit
 */
export async function readNetworkFile(file: string, adapter?: Adapter): Promise<NetworkFile> {
  const checkpoint = await openCheckpoint(file);
  const weights = weightsOf(checkpoint);
  const fit = chosenFit(weights, adapter);
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
