import { stat } from "node:fs/promises";
import { openSeries } from "../../src/checkpoint/files/index.ts";
import { stepOf } from "../../src/checkpoint/index.ts";
import type { NetworkSeries } from "../../src/model/index.ts";
import { UsageError } from "../command.ts";
import { readNetworkFile, refuseMisfit } from "./network-file.ts";
import type { ReadingRequest } from "./reading.ts";

/** The networks that a command line names, and what it should be told of them. */
export interface NamedSeries extends NetworkSeries {
  readonly labels: readonly string[];
  /** Paths of the files, in order. */
  readonly files: readonly string[];
  /** Sentences about files of a folder that are not in it although they look like checkpoints. */
  readonly warnings: readonly string[];
}

export interface SeriesRequest extends ReadingRequest {
  /** Of a folder, the files to take. */
  readonly pattern: string | undefined;
  /** Leaves files in the order they were given in. */
  readonly asGiven: boolean;
  readonly signal: AbortSignal;
}

/**
 * A folder's checkpoints in the order of their training steps, or the files themselves. Files are looked
 * into at once, so that a wrong one is told before anything is computed.
 *
 * @throws {UsageError} for a folder among files
 * @throws {CheckpointError} when a file is no checkpoint, or a folder holds none
 * @throws {AdapterError} when no adapter fits a file
 */
export async function namedSeries(
  paths: readonly string[],
  request: SeriesRequest,
): Promise<NamedSeries> {
  const { pattern, adapter, settings, signal } = request;
  const folders: string[] = [];
  for (const path of paths) {
    if ((await stat(path).catch(() => undefined))?.isDirectory()) folders.push(path);
  }
  const [folder] = folders;
  if (folder !== undefined && paths.length === 1) {
    const series = await openSeries(folder, {
      signal,
      settings,
      ...(adapter && { adapter }),
      ...(pattern !== undefined && { pattern }),
    });
    const { files, mismatch } = series.describe();
    if (mismatch !== undefined) throw new Error(mismatch);
    return {
      length: series.length,
      labels: series.labels,
      files: series.sources.map((name) => `${folder.replace(/\/+$/, "")}/${name}`),
      ...(series.steps && { steps: series.steps }),
      warnings: files
        .filter(({ state }) => state === "failed")
        .map(({ name, reason }) => `Left out ${name}: ${reason}`),
      network: (index) => series.network(index),
      identity: (index) => series.identity?.(index),
    };
  }
  if (folder !== undefined) {
    throw new UsageError(
      `Cannot compare ${paths.length} paths: expected one folder or only files, found the folder ${folder} among them`,
    );
  }
  if (pattern !== undefined) {
    throw new UsageError("Cannot use --pattern with files: expected one folder");
  }
  for (const path of paths) {
    signal.throwIfAborted();
    await refuseMisfit(path, request);
  }
  return filesSeries(paths, request);
}

function filesSeries(paths: readonly string[], request: SeriesRequest): NamedSeries {
  const placed = paths.map((path) => ({ path, step: stepOf(path) }));
  const known = placed.every(({ step }) => step !== undefined);
  if (known && !request.asGiven) placed.sort((a, b) => a.step! - b.step!);
  const files = placed.map(({ path }) => path);
  return {
    length: files.length,
    labels: files,
    files,
    ...(known && { steps: placed.map(({ step }) => step!) }),
    warnings: [],
    network: async (index) => (await readNetworkFile(files[index]!, request)).network,
  };
}
