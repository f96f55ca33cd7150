import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { installation } from "../../../server/installation.ts";

interface Entry {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const file = join(installation, "package-lock.json");
const { packages } = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, Entry> };

/** Whether a package finds another by Node's rules: in its own folder, else in one above. */
function isLocked(from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, "")) {
    const path = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (Object.hasOwn(packages, path)) return true;
    if (folder === "") return false;
  }
}

test("everything that any package asks for is locked, builds for other platforms too, or npm ci refuses", () => {
  const missing = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys({
      ...entry.dependencies,
      ...entry.devDependencies,
      ...entry.optionalDependencies,
    })
      .filter((name) => !isLocked(path, name))
      .map((name) => `${path || "package.json"} → ${name}`),
  );
  expect(missing).toEqual([]);
});

test("what package.json asks for is what is locked", () => {
  const asked = JSON.parse(readFileSync(join(installation, "package.json"), "utf8")) as Entry;
  const locked = packages[""];
  expect(locked?.dependencies).toEqual(asked.dependencies);
  expect(locked?.devDependencies).toEqual(asked.devDependencies);
});

test("nothing in it says where it was downloaded from", () => {
  expect(readFileSync(file, "utf8")).not.toContain('"resolved"');
});
