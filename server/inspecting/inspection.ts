import { fileSource } from "../../src/checkpoint/files/index.ts";
import {
  type CheckpointFormat,
  contentHash,
  indexCheckpoint,
  recordedStep,
  type StoredTensor,
  stepOf,
  weightsOf,
} from "../../src/checkpoint/index.ts";
import {
  type Adapter,
  adapters,
  builtNetwork,
  describeNetwork,
  fitAdapter,
  parameterCount,
} from "../../src/model/index.ts";
import { type TensorSummary, tensorSummary } from "./tensor-summary.ts";

/** What is known of a checkpoint file: plain data. */
export interface Inspection {
  readonly file: string;
  readonly format: CheckpointFormat;
  readonly bytes: number;
  readonly contentHash: string;
  /** Training step in the name and in the file, where each has one. */
  readonly step: { readonly named?: number; readonly recorded?: number };
  readonly metadata: Readonly<Record<string, string>>;
  /** Parts of the file that hold tensors but are not the model. */
  readonly ignored: readonly string[];
  readonly tensors: readonly TensorSummary[];
  /** Every adapter that was tried, the one that is taken first. */
  readonly adapters: readonly AdapterTrial[];
  /** The network that the first adapter which fits makes; absent when none fits. */
  readonly network?: {
    readonly adapter: string;
    readonly layers: string;
    readonly parameters: number;
  };
}

/** How an adapter goes with a file. */
export interface AdapterTrial {
  readonly name: string;
  readonly fits: boolean;
  readonly missing: readonly string[];
  readonly unused: readonly string[];
  readonly wrong: readonly string[];
}

/**
 * @param adapter - the only one to try; default all of Simile's
 * @throws {CheckpointError} when the file is no checkpoint
 */
export async function inspection(
  file: string,
  adapter: Adapter | undefined,
  signal: AbortSignal,
): Promise<Inspection> {
  const source = await fileSource(file);
  try {
    const index = await indexCheckpoint(source);
    const tensors = new Map<string, StoredTensor>();
    const summaries: TensorSummary[] = [];
    for (const name of index.tensors.keys()) {
      signal.throwIfAborted();
      const stored = await index.read(name);
      tensors.set(name, stored);
      summaries.push(tensorSummary(name, stored));
    }
    const weights = weightsOf({ source: file, tensors });
    const fits = (adapter === undefined ? adapters : [adapter]).map((one) =>
      fitAdapter(weights, one),
    );
    const chosen = fits.find((fit) => fit.fits);
    const network = chosen && builtNetwork(weights, chosen);
    const [named, recorded] = [stepOf(file), recordedStep(index.metadata)];
    return {
      file,
      format: index.format,
      bytes: source.size,
      contentHash: await contentHash({ tensors }),
      step: { ...(named !== undefined && { named }), ...(recorded !== undefined && { recorded }) },
      metadata: index.metadata,
      ignored: index.ignored,
      tensors: summaries,
      adapters: fits
        .map(({ adapter: { name }, fits: does, missing, unused, wrong }) => ({
          name,
          fits: does,
          missing,
          unused,
          wrong: wrong.map((one) => `${one.name}: expected ${one.expected}, found ${one.found}`),
        }))
        .sort((a, b) => Number(b.fits) - Number(a.fits)),
      ...(chosen &&
        network && {
          network: {
            adapter: chosen.adapter.name,
            layers: describeNetwork(network),
            parameters: parameterCount(network),
          },
        }),
    };
  } finally {
    await source.close();
  }
}
