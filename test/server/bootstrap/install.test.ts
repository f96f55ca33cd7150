import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const install = join(import.meta.dirname, "..", "..", "..", "server", "bootstrap", "install.mjs");
const { missingPackages } = (await import(install)) as {
  missingPackages(root: string, options: { development: boolean }): string[];
};

interface Entry {
  version: string;
  dev?: true;
  optional?: true;
  peer?: true;
}

function clone(locked: Record<string, Entry>, present?: Record<string, Entry>): string {
  const root = mkdtempSync(join(tmpdir(), "simile-install-"));
  const packages = { "": { version: "0.0.0" }, ...locked };
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages }));
  if (present) {
    mkdirSync(join(root, "node_modules"));
    const file = join(root, "node_modules", ".package-lock.json");
    writeFileSync(file, JSON.stringify({ packages: present }));
  }
  return root;
}

const a = { version: "1.0.0" };
const b = { version: "2.0.0", dev: true } as const;

test("in a fresh clone everything is missing, what only tests need when it is asked for", () => {
  const root = clone({ "node_modules/a": a, "node_modules/b": b });
  expect(missingPackages(root, { development: false })).toEqual(["a@1.0.0"]);
  expect(missingPackages(root, { development: true })).toEqual(["a@1.0.0", "b@2.0.0"]);
});

test("nothing is missing where all are present", () => {
  const root = clone({ "node_modules/a": a, "node_modules/b": b }, { "node_modules/a": a });
  expect(missingPackages(root, { development: false })).toEqual([]);
});

test("another version is missing, also deep in the tree", () => {
  const locked = { "node_modules/a": a, "node_modules/a/node_modules/@c/d": { version: "3.0.0" } };
  const present = { "node_modules/a": { version: "1.0.1" } };
  expect(missingPackages(clone(locked, present), { development: false })).toEqual([
    "a@1.0.0",
    "@c/d@3.0.0",
  ]);
});

test("builds for other platforms and peers are not missed", () => {
  const locked = {
    "node_modules/o": { version: "1.0.0", optional: true },
    "node_modules/p": { version: "1.0.0", peer: true },
  } as const;
  expect(missingPackages(clone(locked, {}), { development: true })).toEqual([]);
});
