/** Follows what is asynchronous without a hook at each promise; built in from Node 24 on. */
const asyncContextFrame = "--experimental-async-context-frame";

/**
 * Flags of a kernel. The check the first one turns off aborts a process whose main thread was stopped inside a
 * callback. The engine's own limit is beyond the cap: it ends the process at once, where the cap only ends
 * a cell.
 *
 * @param cap bytes of memory it may hold
 * @param version of the Node that runs it
 */
export function kernelFlags(
  cap: number,
  version: string = process.versions.node,
): readonly string[] {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const heap = Math.ceil((1.25 * cap + 256e6) / 2 ** 20);
  return [
    "--no-force-async-hooks-checks",
    ...((major === 22 && minor >= 7) || major === 23 ? [asyncContextFrame] : []),
    `--max-old-space-size=${heap}`,
  ];
}
