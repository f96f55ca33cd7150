// One process at a time installs and builds: two `npm start` at once must not write over each other.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** A lock this old is of a process whose number another one has now. */
const longest = 15 * 60_000;

/**
 * Waits until the lock is free, then takes it.
 *
 * @param {string} file path of the lock
 * @returns {() => void} gives the lock back
 */
export function takeLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  let told = false;
  while (!create(file)) {
    if (isStale(file)) discard(file);
    else {
      if (!told) console.error("Waiting for another start of Simile to finish its build …");
      told = true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
  return () => rmSync(file, { force: true });
}

/** @param {string} file */
function create(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} file whether its owner is gone */
function isStale(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > longest) return true;
    const owner = Number(readFileSync(file, "utf8"));
    // Between being made and being written a lock is empty.
    if (owner > 0) process.kill(owner, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "ESRCH";
  }
}

/** @param {string} file moved before it is deleted, so that of several who find it stale one succeeds */
function discard(file) {
  try {
    const aside = `${file}.${process.pid}`;
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch {
    // Another process was first.
  }
}
