import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(fileURLToPath(import.meta.url), "..", "..", "..");

/** What a finished command left. */
export interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Builds dist/ when a source changed, so that the command is today's. Call once before the tests. */
export function buildCommand(): void {
  const build = pathToFileURL(join(root, "server", "bootstrap", "build.mjs")).href;
  const script = `const { buildIfStale } = await import(${JSON.stringify(build)}); await buildIfStale();`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script]);
  if (status !== 0) throw new Error(`Cannot build the command under test: ${stderr}`);
}

/** Starts `simile ARGS` as a process of its own, which `started` may send signals. */
export function startSimile(
  args: readonly string[],
  started: (process: ChildProcess) => void = () => {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [join(root, "dist", "cli.js"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    // A test neither fills nor is helped by what this person has computed.
    env: { SIMILE_CACHE: "", ...process.env },
  });
  started(child);
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, output, errors }));
  });
}
