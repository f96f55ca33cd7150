// `npm start`: installs what is missing, builds when a source changed, then serves.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildIfStale, root } from "./build.mjs";
import { installMissing } from "./install.mjs";

installMissing(root, { development: false });
if (await buildIfStale()) console.error("Built the page");
process.argv.splice(2, 0, "serve");
await import(pathToFileURL(join(root, "dist", "cli.js")).href);
