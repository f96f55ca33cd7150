// Installs what is missing, and nothing else. Runs on bare Node, before any package is there.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Names of locked packages that `node_modules` lacks or holds in another version. Optional packages are
 * not counted: most are builds for other platforms.
 *
 * @param {string} root folder of package.json
 * @param {{development: boolean}} options count what only tests and types need
 * @returns {string[]} "name@version", empty when nothing is missing
 */
export function missingPackages(root, { development }) {
  const wanted = lockedPackages(join(root, "package-lock.json"));
  const present = lockedPackages(join(root, "node_modules", ".package-lock.json"));
  const missing = [];
  for (const [path, entry] of wanted) {
    if (path === "" || entry.optional || entry.peer) continue;
    if (!development && (entry.dev || entry.devOptional)) continue;
    if (present.get(path)?.version !== entry.version) {
      missing.push(`${path.replace(/^.*node_modules\//, "")}@${entry.version}`);
    }
  }
  return missing;
}

/**
 * Runs npm when, and only when, a locked package is missing.
 *
 * @param {string} root folder of package.json
 * @param {{development: boolean}} options
 * @returns {boolean} true when something was installed
 */
export function installMissing(root, options) {
  const missing = missingPackages(root, options);
  if (missing.length === 0) return false;
  console.error(`Installing ${missing.length} packages …`);
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  if (!options.development) args.push("--omit=dev");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const run = spawnSync(npm, args, {
    cwd: root,
    stdio: ["ignore", 2, "inherit"],
    shell: process.platform === "win32",
    // The one install script in the tree fetches GPU libraries that nothing here uses.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
  });
  if (run.error || run.status !== 0) {
    const why = run.error ? run.error.message : `exit status ${run.status}`;
    console.error(`Cannot install packages: npm ci failed (${why}). Is the network reachable?`);
    process.exit(1);
  }
  return true;
}

/** @param {string} file @returns {Map<string, {version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean}>} */
function lockedPackages(file) {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(file, "utf8")).packages ?? {}));
  } catch {
    return new Map();
  }
}
