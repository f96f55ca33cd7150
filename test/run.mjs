// `npm test`: installs what is missing, then runs every check and closes with one line of counts.
import { spawnSync } from "node:child_process";
import { root } from "../server/bootstrap/build.mjs";
import { installMissing } from "../server/bootstrap/install.mjs";

installMissing(root, { development: true });
for (const script of ["lint", "types"]) {
  const run = spawnSync("npm", ["run", "--silent", script], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (run.status !== 0) {
    console.error(`npm run ${script} failed`);
    process.exit(1);
  }
}
const tests = spawnSync(
  process.execPath,
  ["node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2)],
  { cwd: root, stdio: "inherit" },
);
process.exit(tests.status ?? 1);
