import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(fileURLToPath(import.meta.url), "..", "..", "..");

/** A running server, as a person starts it: the built command in a process of its own. */
export interface RunningServer {
  /** The printed URL, token included. */
  readonly url: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/**
 * Starts `simile serve FOLDER` on a free port, and resolves once it has printed its URL.
 *
 * @param folder root of the workbooks; Simile's own by default
 * @param state folder for what it remembers; a new one by default
 * @param user number of the user that runs it, and of their group; the one that runs the tests by default
 */
export async function startServer(
  folder = join(root, "workbooks"),
  state = mkdtempSync(join(tmpdir(), "simile-state-")),
  user?: number,
): Promise<RunningServer> {
  const child = spawn(
    process.execPath,
    [join(root, "dist", "cli.js"), "serve", folder, "--port", "0", "--no-open"],
    {
      env: { ...process.env, SIMILE_STATE: state },
      stdio: ["ignore", "pipe", "pipe"],
      ...(user !== undefined && { uid: user, gid: user }),
    },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /http:\/\/\S+/.exec(output);
      if (found) resolve(found[0]);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("exit", (code) => reject(new Error(`The server ended with ${code}: ${output}`)));
  });
  return {
    url,
    process: child,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
