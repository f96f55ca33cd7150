import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { installation } from "../installation.ts";

/** Hashes of the workbooks that come with Simile, as committed beside the server. */
export async function shippedHashes(): Promise<string[]> {
  const text = await readFile(join(installation, "server", "shipped-workbooks.json"), "utf8");
  return Object.values(JSON.parse(text) as Record<string, string>);
}
