/*
 * Reads checkpoints on a thread of its own, one question per thread: whatever a file makes of memory and
 * time is not the server's. Nothing in a file is run.
 */
import { parentPort, workerData } from "node:worker_threads";
import { audit } from "../../src/analysis/index.ts";
import { fileSource, openSeries } from "../../src/checkpoint/files/index.ts";
import { type CheckpointSeries, indexCheckpoint } from "../../src/checkpoint/index.ts";
import { openEngine } from "../../src/engine/index.ts";
import "../../src/engine/node/index.ts";
import { describeNetwork } from "../../src/model/index.ts";
import type { DescribedSeries, SeriesFinding } from "../../src/protocol/index.ts";
import type { CheckpointSaid, CheckpointWork } from "./work.ts";

/** Lines of a page's table at most: more than that nobody reads. */
const mostListed = 2_000;

/** Progress is told this often at most. */
const tellMilliseconds = 100;

function say(said: CheckpointSaid): void {
  parentPort!.postMessage(said);
}

async function answer(work: CheckpointWork): Promise<void> {
  try {
    await (work.type === "series" ? lookThrough(work.folder) : check(work.file, work.shown));
  } catch (error) {
    // A message of the library names the file by its path, which is nothing to a page.
    const { message } = error as Error;
    const named = work.type === "series" ? work.folder : work.file;
    say({ type: "failed", message: message.replaceAll(named, work.shown) });
  }
}

async function lookThrough(folder: string): Promise<void> {
  const series = await openSeries(folder, { progress: readingProgress() });
  say({ type: "series", series: await described(series) });
  // One thread: what the person computes meanwhile comes first.
  const engine = await openEngine("wasm", { threads: 1 });
  try {
    const { findings, schedule } = await audit(series, {
      engine,
      breaks: series.describe().adapter !== undefined,
      progress: (done, total) => say({ type: "progress", done, total }),
    });
    const found = findings.map(
      ({ kind, message, checkpoints }): SeriesFinding => ({
        kind,
        message,
        files: checkpoints.map((index) => series.sources[index]!),
      }),
    );
    say({ type: "audit", findings: found, ...(schedule !== undefined && { schedule }) });
  } finally {
    await engine.dispose();
  }
}

/** Tells how far reading is: at the beginning, at the end, and as often as somebody can read it. */
function readingProgress(): (done: number, total: number) => void {
  let told = Number.NEGATIVE_INFINITY;
  return (done, total) => {
    const now = performance.now();
    if (total === 0 || (done < total && now - told < tellMilliseconds)) return;
    told = now;
    say({ type: "progress", done, total, reading: true });
  };
}

async function described(series: CheckpointSeries): Promise<DescribedSeries> {
  const { summary, files, tensors, adapter, mismatch } = series.describe();
  const isMore = files.length > mostListed || tensors.length > mostListed;
  // A network that cannot be made is what the audit says.
  const network =
    adapter === undefined ? undefined : await series.network(0).catch(() => undefined);
  return {
    summary,
    files: files.slice(0, mostListed),
    tensors: tensors.slice(0, mostListed),
    ...(adapter !== undefined && { adapter }),
    ...(network && { network: describeNetwork(network) }),
    ...(mismatch !== undefined && { mismatch }),
    ...(isMore && { all: { files: files.length, tensors: tensors.length } }),
  };
}

async function check(file: string, shown: string): Promise<void> {
  const source = await fileSource(file, shown);
  try {
    await indexCheckpoint(source);
    say({ type: "checked" });
  } finally {
    await source.close();
  }
}

await answer(workerData as CheckpointWork);
