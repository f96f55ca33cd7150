// Installs what is missing, and nothing else. Runs on bare Node, before any package is there.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { takeLock } from "./lock.mjs";
import "./node-version.mjs";

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
  if (missingPackages(root, options).length === 0) return false;
  const release = takeLock(join(root, ".cache", "build.lock"));
  try {
    // Another process may have installed them while this one waited.
    const missing = missingPackages(root, options);
    if (missing.length === 0) return false;
    console.error(`Installing ${missing.length} packages …`);
    const failure = runNpm(root, options);
    if (failure === undefined) return true;
    console.error(`Cannot install packages: ${failure}`);
  } finally {
    release();
  }
  process.exit(1);
}

/**
 * @param {string} root
 * @param {{development: boolean}} options
 * @returns {string | undefined} why it failed
 */
function runNpm(root, { development }) {
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  if (!development) args.push("--omit=dev");
  // Under `npm start` this is the npm that runs; its script needs no shell on any system.
  const script = process.env["npm_execpath"] ?? "";
  const own = /npm-cli\.c?js$/.test(script);
  const shell = !own && process.platform === "win32";
  const run = spawnSync(own ? process.execPath : "npm", own ? [script, ...args] : args, {
    cwd: root,
    stdio: ["ignore", 2, "inherit"],
    shell,
    // The one install script in the tree fetches GPU libraries that nothing here uses.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
  });
  const { error, status } = run;
  if (/** @type {NodeJS.ErrnoException} */ (error)?.code === "ENOENT") {
    return "npm was not found; it comes with Node.js";
  }
  if (error) return error.message;
  return status === 0 ? undefined : `npm ci ended with status ${status}. Is the network reachable?`;
}

/** @param {string} file @returns {Map<string, {version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean}>} */
function lockedPackages(file) {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(file, "utf8")).packages ?? {}));
  } catch {
    return new Map();
  }
}
