import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildCommand, startSimile } from "../../support/command-line.ts";
import { titled } from "../../support/skipped.ts";

/** Debian's own Python has Debian's packages, whatever other Python comes first. */
const python = ["/usr/bin/python3", "python3"].find(
  (name) => spawnSync(name, ["-c", "import jupyter_client"]).status === 0,
);
const prefix = mkdtempSync(join(tmpdir(), "stress-"));

beforeAll(async () => {
  buildCommand();
  expect((await startSimile(["kernel", "install", "--prefix", prefix])).status).toBe(0);
});

test.skipIf(!python)(
  titled(
    "floods, interrupts, restarts and kill -9 lose nothing and leave nothing behind",
    python !== undefined,
    "jupyter_client",
  ),
  { timeout: 300_000 },
  () => {
    const { status, stderr } = spawnSync(python!, [join(import.meta.dirname, "stress.py")], {
      env: { ...process.env, JUPYTER_PATH: join(prefix, "share", "jupyter") },
      encoding: "utf8",
    });
    expect(stderr).toMatch(/^OK$/m);
    expect(stderr).not.toContain("skipped");
    expect(status).toBe(0);
  },
);
