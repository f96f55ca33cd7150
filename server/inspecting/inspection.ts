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
import { type Fit, fitReport, obstacleOf } from "../../src/model/index.ts";
import { adapterFor } from "../comparing/network-file.ts";
import type { ReadingRequest } from "../comparing/reading.ts";
import { type InspectedNetwork, inspectedNetwork } from "./inspected-network.ts";
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
  /** Every adapter that was tried, the nearest first. */
  readonly adapters: readonly AdapterTrial[];
  readonly network?: InspectedNetwork;
  /** Why there is no network, a sentence. */
  readonly obstacle?: string;
}

/** How an adapter goes with a file. */
export type AdapterTrial = Omit<Fit, "adapter" | "layers"> & { readonly name: string };

/**
 * @throws {CheckpointError} when the file is no checkpoint
 * @throws {AdapterError} when simile.json beside it is no adapter
 */
export async function inspection(
  file: string,
  reading: ReadingRequest,
  signal: AbortSignal,
): Promise<Inspection> {
  const source = await fileSource(file);
  try {
    const { format, metadata, ignored, tensors: infos, read } = await indexCheckpoint(source);
    const tensors = new Map<string, StoredTensor>();
    const summaries: TensorSummary[] = [];
    for (const name of infos.keys()) {
      signal.throwIfAborted();
      const stored = await read(name);
      tensors.set(name, stored);
      summaries.push(tensorSummary(name, stored));
    }
    const weights = weightsOf({ source: file, tensors, metadata });
    const adapter = await adapterFor(file, reading);
    const report = fitReport(weights, { adapter, settings: reading.settings });
    const obstacle = obstacleOf(report);
    const [named, recorded] = [stepOf(file), recordedStep(metadata)];
    return {
      file,
      format,
      bytes: source.size,
      contentHash: await contentHash({ tensors }),
      step: { ...(named !== undefined && { named }), ...(recorded !== undefined && { recorded }) },
      metadata,
      ignored,
      tensors: summaries,
      adapters: report.tried.map(({ adapter: { name }, layers: _, ...fit }) => ({ name, ...fit })),
      ...(obstacle === undefined
        ? { network: await inspectedNetwork(weights, report.fits[0]!) }
        : { obstacle }),
    };
  } finally {
    await source.close();
  }
}
