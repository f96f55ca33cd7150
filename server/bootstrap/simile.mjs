#!/usr/bin/env node
// The `simile` command. In a clone it installs and builds what is missing first; a package has all it needs.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import "./node-version.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

if (existsSync(join(root, "src"))) {
  const { installMissing } = await import("./install.mjs");
  installMissing(root, { development: false });
  const { buildIfStale } = await import("./build.mjs");
  await buildIfStale();
}
await import(pathToFileURL(join(root, "dist", "cli.js")).href);
