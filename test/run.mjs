// `npm test`: installs what is missing, runs every check, and closes with one line of counts.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../server/bootstrap/build.mjs";
import { installMissing } from "../server/bootstrap/install.mjs";

/**
 * @param {string} command path of a script of an installed package
 * @param {string[]} args
 */
function run(command, ...args) {
  return spawnSync(process.execPath, [join(root, "node_modules", command), ...args], {
    cwd: root,
    stdio: "inherit",
  }).status;
}

installMissing(root, { development: true });

let passed = 0;
let failed = 0;
for (const [name, status] of [
  ["lint", () => run("@biomejs/biome/bin/biome", "check", "--error-on-warnings")],
  ["types", () => run("typescript/bin/tsc", "-b")],
]) {
  if (status() === 0) passed += 1;
  else {
    failed += 1;
    console.error(`${name} failed`);
  }
}

const report = join(root, ".cache", "tests.json");
mkdirSync(join(root, ".cache"), { recursive: true });
rmSync(report, { force: true });
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const status = run(
  "vitest/vitest.mjs",
  "run",
  "--config",
  "test/vitest.config.ts",
  ...reporters,
  ...process.argv.slice(2),
);
try {
  const counts = JSON.parse(readFileSync(report, "utf8"));
  passed += counts.numPassedTests;
  failed += counts.numFailedTests;
  // A file that fails to load, or an error outside any test, fails the run without a failed test.
  if (status !== 0 && counts.numFailedTests === 0) failed += 1;
} catch {
  console.error("The test runner ended without a report");
  failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
