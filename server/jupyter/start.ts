import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installation } from "../installation.ts";

/**
 * Turns this process into a kernel at the addresses of a connection file. It ends when a client says so.
 *
 * @param options `remove` the file when it ends
 * @returns never, as long as the kernel can be started
 */
export async function startKernel(
  connectionFile: string,
  { remove }: { readonly remove: boolean },
): Promise<number> {
  if (remove) process.on("exit", () => rmSync(connectionFile, { force: true }));
  // What the kernel's own script is started with.
  process.argv.splice(2, process.argv.length, connectionFile);
  await import(pathToFileURL(join(installation, "dist", "jupyter.js")).href);
  return 0;
}
