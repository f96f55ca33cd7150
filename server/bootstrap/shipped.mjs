// Writes server/shipped-workbooks.json: the hashes by which the workbooks that come with Simile are
// trusted. Run it after changing one of them; a test holds the two together.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** @returns {Record<string, string>} path under the root → SHA-256 of the text with LF line endings */
export function hashesOfShipped() {
  const folder = join(root, "workbooks");
  const names = readdirSync(folder).filter((name) => name.endsWith(".md"));
  return Object.fromEntries(
    names.sort().map((name) => {
      const text = readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n");
      return [`workbooks/${name}`, createHash("sha256").update(text).digest("hex")];
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = `${JSON.stringify(hashesOfShipped(), null, 2)}\n`;
  writeFileSync(join(root, "server", "shipped-workbooks.json"), text);
}
