import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import vm from "node:vm";

/** Milliseconds after which what has been compiled meanwhile is kept. */
const pause = 5_000;

/**
 * Requires a CommonJS module of which what has been compiled is kept in a folder, so that it is not compiled
 * at the next start. Newer versions of Node do so themselves. What is kept of another version of the module
 * or of Node is not used; a folder that cannot be written costs nothing but the time.
 *
 * @param path of the module's file
 * @param folder where it is kept; undefined: nowhere
 */
export function requireCompiled(path: string, folder: string | undefined): unknown {
  const require = createRequire(path);
  const loaded = require.cache[path];
  if (loaded || folder === undefined || "enableCompileCache" in module) return require(path);
  const { size, mtimeMs } = statSync(path);
  const name = `typescript-${process.version}-${process.arch}-${size}-${Math.round(mtimeMs)}.compiled`;
  const kept = join(folder, name);
  const script = new vm.Script(
    `(function (exports, require, module, __filename, __dirname) { ${readFileSync(path, "utf8")}\n})`,
    { filename: path, ...cachedIn(kept) },
  );
  const made = new module(path);
  Object.assign(made, { filename: path, paths: require.resolve.paths("x") ?? [] });
  script.runInThisContext().call(made.exports, made.exports, require, made, path, dirname(path));
  made.loaded = true;
  // The same for those who import it.
  require.cache[path] = made;
  if (script.cachedDataRejected !== false) {
    setTimeout(() => keep(kept, script.createCachedData()), pause).unref();
  }
  return made.exports;
}

function cachedIn(path: string): { readonly cachedData?: Buffer } {
  try {
    return { cachedData: readFileSync(path) };
  } catch {
    return {};
  }
}

function keep(path: string, data: Buffer): void {
  const fresh = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(fresh, data);
    renameSync(fresh, path);
  } catch {
    rmSync(fresh, { force: true });
  }
}
