// `npm start`: installs what is missing, builds when a source changed, then serves.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { buildIfStale, root } from "./build.mjs";
import { installMissing } from "./install.mjs";

installMissing(root, { development: false });
if (await buildIfStale()) console.error("Built the page");
const server = spawn(
  process.execPath,
  [join(root, "dist", "cli.js"), "serve", ...process.argv.slice(2)],
  { stdio: "inherit" },
);
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => server.kill(signal));
}
server.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
