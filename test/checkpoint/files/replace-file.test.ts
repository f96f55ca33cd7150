import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { installation } from "../../../server/installation.ts";
import { replaceFile } from "../../../src/checkpoint/files/index.ts";
import { temporaryFolder } from "../../support/folder.ts";

const library = pathToFileURL(join(installation, "dist", "simile.js")).href;

/** Runs a module in a process of its own that has `replaceFile`. */
function run(script: string, shell = ""): { status: number | null; stdout: string } {
  const code = `import { replaceFile } from ${JSON.stringify(library)}; ${script}`;
  const node = [process.execPath, "--input-type=module", "-e", code];
  return shell === ""
    ? spawnSync(node[0]!, node.slice(1), { encoding: "utf8" })
    : spawnSync("bash", ["-c", `${shell}; exec "$@"`, "bash", ...node], { encoding: "utf8" });
}

test("a file is replaced whole, and nothing else is left in the folder", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "a");
  await replaceFile(file, "old");
  await replaceFile(file, Uint8Array.of(110, 101, 119));
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(readdirSync(folder)).toEqual(["a"]);
  expect(process.listenerCount("exit")).toBe(0);
});

test("a process that ends while it writes leaves the old file and nothing beside it", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "a");
  writeFileSync(file, "old");
  const { stdout } = run(`import { readdirSync } from "node:fs";
    void replaceFile(${JSON.stringify(file)}, new Uint8Array(1 << 26));
    const poll = setInterval(() => {
      const names = readdirSync(${JSON.stringify(folder)});
      if (names.length < 2) return;
      console.log(names.length);
      process.exit(0);
    });`);
  expect(stdout).toBe("2\n");
  expect(readdirSync(folder)).toEqual(["a"]);
  expect(readFileSync(file, "utf8")).toBe("old");
});

test("no room for it: the error says so, the old file stays, nothing is left beside it", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "a");
  writeFileSync(file, "old");
  // A limit on the size of a file, in blocks of 1024 bytes, fails a write as a full disk does.
  const { stdout } = run(
    `await replaceFile(${JSON.stringify(file)}, new Uint8Array(1 << 16)).catch((error) => console.log(error.code));`,
    "ulimit -f 8; trap '' XFSZ",
  );
  expect(stdout).toBe("EFBIG\n");
  expect(readdirSync(folder)).toEqual(["a"]);
  expect(readFileSync(file, "utf8")).toBe("old");
});
