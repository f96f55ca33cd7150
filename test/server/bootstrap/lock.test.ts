import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const module = join(import.meta.dirname, "..", "..", "..", "server", "bootstrap", "lock.mjs");
const { takeLock } = (await import(module)) as { takeLock(file: string): () => void };

function lockFile(): string {
  return join(mkdtempSync(join(tmpdir(), "simile-lock-")), "deep", "build.lock");
}

test("a lock is held until it is given back", () => {
  const file = lockFile();
  const release = takeLock(file);
  expect(readFileSync(file, "utf8")).toBe(String(process.pid));
  release();
  expect(existsSync(file)).toBe(false);
});

test("the lock of a process that is gone is taken over", () => {
  const file = lockFile();
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  takeLock(file)();
  writeFileSync(file, String(pid));
  takeLock(file)();
  expect(existsSync(file)).toBe(false);
});

test("a lock older than any build is taken over, whoever has its number now", () => {
  const file = lockFile();
  takeLock(file);
  const hourAgo = Date.now() / 1000 - 3600;
  utimesSync(file, hourAgo, hourAgo);
  takeLock(file)();
  expect(existsSync(file)).toBe(false);
});

test("of several processes one at a time is inside", async () => {
  const file = lockFile();
  const log = `${file}.log`;
  takeLock(file)();
  const code = `
    import { appendFileSync } from "node:fs";
    import { takeLock } from ${JSON.stringify(`file://${module}`)};
    for (let i = 0; i < 5; i++) {
      const release = takeLock(${JSON.stringify(file)});
      appendFileSync(${JSON.stringify(log)}, "in ");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      appendFileSync(${JSON.stringify(log)}, "out ");
      release();
    }`;
  const children = [1, 2, 3].map(() =>
    spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: "ignore" }),
  );
  await Promise.all(children.map((child) => new Promise((resolve) => child.once("exit", resolve))));
  expect(readFileSync(log, "utf8")).toBe("in out ".repeat(15));
});
