import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where a kernel is to be known: to a person, to everything under a prefix, or to one Python. */
export type Place =
  | { readonly kind: "user" }
  | { readonly kind: "prefix"; readonly prefix: string }
  | { readonly kind: "python" };

/**
 * The folder in which Jupyter looks for kernels of a place.
 *
 * @throws {Error} when no Python environment is active
 */
export function kernelFolder(
  place: Place,
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (place.kind === "prefix") return underPrefix(place.prefix);
  if (place.kind === "user") return join(userData(environment, platform), "kernels");
  const python = environment["VIRTUAL_ENV"] || environment["CONDA_PREFIX"];
  if (python) return underPrefix(python);
  throw new Error(
    "Cannot find the Python environment: expected VIRTUAL_ENV or CONDA_PREFIX to be set, found neither; name it with --prefix",
  );
}

/** Every folder in which Jupyter looks, those that do not exist left out. */
export function knownFolders(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  const separator = platform === "win32" ? ";" : ":";
  const named = (environment["JUPYTER_PATH"] ?? "").split(separator).filter((path) => path !== "");
  const python = environment["VIRTUAL_ENV"] || environment["CONDA_PREFIX"];
  const folders = [
    ...named.map((path) => join(path, "kernels")),
    join(userData(environment, platform), "kernels"),
    ...(python ? [underPrefix(python)] : []),
    ...(platform === "win32" ? [] : [underPrefix("/usr/local"), underPrefix("/usr")]),
  ];
  return [...new Set(folders)].filter((folder) => existsSync(folder));
}

/** Folder in which Jupyter's programs keep the connection files of kernels that run. */
export function runtimeFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  return environment["JUPYTER_RUNTIME_DIR"] || join(userData(environment, platform), "runtime");
}

function underPrefix(prefix: string): string {
  return join(prefix, "share", "jupyter", "kernels");
}

function userData(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const named = environment["JUPYTER_DATA_DIR"];
  if (named) return named;
  const home = environment["HOME"] || homedir();
  if (platform === "win32") {
    return join(environment["APPDATA"] ?? join(home, "AppData", "Roaming"), "jupyter");
  }
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  return join(environment["XDG_DATA_HOME"] || join(home, ".local", "share"), "jupyter");
}
