import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Folder for what Simile remembers of a person on this machine, by the custom of the system.
 * `SIMILE_STATE` overrides it.
 */
export function stateFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const named = environment["SIMILE_STATE"];
  if (named) return named;
  if (platform === "win32") {
    return join(environment["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "Simile");
  }
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "Simile");
  return join(environment["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "simile");
}

/** Folder for output that is too much to be shown. `SIMILE_LOGS` overrides it. */
export function logsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment["SIMILE_LOGS"] || join(stateFolder(environment), "logs");
}

/**
 * Folder in which similarities are remembered; "" for none. `SIMILE_CACHE` overrides it.
 */
export function resultsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment["SIMILE_CACHE"] ?? join(stateFolder(environment), "similarities");
}
