#!/usr/bin/env node
// The `simile` command in a clone: builds when a source changed, then hands over to the built command.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildIfStale, root } from "./build.mjs";
import { installMissing } from "./install.mjs";

installMissing(root, { development: false });
await buildIfStale();
await import(pathToFileURL(join(root, "dist", "cli.js")).href);
