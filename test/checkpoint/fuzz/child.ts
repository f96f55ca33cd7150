import { existsSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { isGzip, unpackedSource } from "../../../src/checkpoint/files/gzip.ts";
import { openCheckpoint } from "../../../src/checkpoint/files/index.ts";
import {
  bytesSource,
  CheckpointError,
  readCheckpoint,
  tensorOf,
} from "../../../src/checkpoint/index.ts";
import { bases, mutant } from "./files.ts";

/** What the parent asks for, as JSON in the first argument. */
interface Task {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  /** Where files are written, and `at` and `report.json`. */
  readonly folder: string;
}

/** More memory than any of these files may take. */
const memoryLimit = 100 * 2 ** 20;
/** Seconds of processor time that no such file needs. */
const timeLimit = 5;

const task = JSON.parse(process.argv[2]!) as Task;
process.chdir(task.folder);
const prototype = Object.getOwnPropertyNames(Object.prototype).join();
const collect = (globalThis as { gc?: () => void }).gc!;
const failures: { index: number; name: string; how: string; fault: string }[] = [];
const counts = { read: 0, refused: 0 };

/** Reads a file whole: from the disk, or as if it were there, which takes less time. */
async function attempt(name: string, bytes: Uint8Array, disk: boolean): Promise<void> {
  const path = join(task.folder, name);
  if (disk) writeFileSync(path, bytes);
  const source = bytesSource(bytes, name);
  const { tensors } = disk
    ? await openCheckpoint(path)
    : await readCheckpoint((await isGzip(source)) ? await unpackedSource(source) : source);
  for (const [tensor, stored] of tensors) {
    if (stored.bytes.length <= 2 ** 20) tensorOf(stored, tensor);
  }
}

function faultOf(error: unknown, name: string): string | undefined {
  if (!(error instanceof CheckpointError)) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  const { message } = error;
  if (!message.startsWith("Cannot read ")) return `began a message with "${message.slice(0, 200)}"`;
  if (!message.includes(name)) return `did not name the file in "${message.slice(0, 200)}"`;
  if (message.length > 1000) return `said ${message.length} characters: ${message.slice(0, 200)}`;
  if (message.includes("undefined") || message.includes("[object")) return `said "${message}"`;
  return undefined;
}

// What is loaded and compiled once is nothing a file takes.
for (const { name, bytes } of bases) await attempt(name, bytes, true);
for (let i = 0; i < 300; i++) mutant(task.seed, task.from + i);
collect();
let before = process.memoryUsage.rss();
const at = openSync(join(task.folder, "at"), "w");

for (let index = task.from; index < task.from + task.count; index++) {
  const { name, bytes, how } = mutant(task.seed, index);
  writeSync(at, String(index).padEnd(12), 0);
  // What making the files left behind is not theirs.
  if (process.memoryUsage.rss() - before > memoryLimit / 2) collect();
  const started = process.cpuUsage();
  let fault: string | undefined;
  try {
    await attempt(name, bytes, index % 16 === 0);
    counts.read++;
  } catch (error) {
    fault = faultOf(error, name);
    if (fault === undefined) counts.refused++;
  }
  const { user, system } = process.cpuUsage(started);
  const seconds = (user + system) / 1e6;
  if (seconds > timeLimit) fault ??= `took ${seconds.toFixed(1)} s`;
  // The peak is over all files so far, so one that raises it is seen once.
  const grown = process.resourceUsage().maxRSS * 1024 - before;
  if (grown > memoryLimit) {
    fault ??= `took ${Math.round(grown / 2 ** 20)} MB`;
    before += grown;
  }
  if ("canary" in globalThis || existsSync("canary")) fault ??= "ran code";
  if (Object.getOwnPropertyNames(Object.prototype).join() !== prototype) {
    fault ??= "changed Object.prototype";
  }
  if (fault !== undefined) failures.push({ index, name, how, fault });
}
rmSync(join(task.folder, "at"));
writeFileSync(
  join(task.folder, "report.json"),
  JSON.stringify({ ...counts, failures: failures.slice(0, 50) }),
);
