import { mkdtempSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hashOf, Trust } from "../../../server/documents/trust.ts";

function state(): string {
  return join(mkdtempSync(join(tmpdir(), "simile-trust-")), "state");
}

test("nothing is trusted until it was run; then that text in that file is, in later processes too", async () => {
  const folder = state();
  const trust = new Trust(folder, []);
  expect(await trust.holds("/w/a.md", "text")).toBe(false);
  await trust.add("/w/a.md", "text");
  for (const later of [trust, new Trust(folder, [])]) {
    expect(await later.holds("/w/a.md", "text")).toBe(true);
    expect(await later.holds("/w/a.md", "text, changed")).toBe(false);
    expect(await later.holds("/w/b.md", "text")).toBe(false);
  }
});

test("a newer text of a file takes the place of the older", async () => {
  const trust = new Trust(state(), []);
  await trust.add("/w/a.md", "one");
  await trust.add("/w/a.md", "two");
  expect(await trust.holds("/w/a.md", "one")).toBe(false);
  expect(await trust.holds("/w/a.md", "two")).toBe(true);
});

test("while a file is written its text is trusted as it was and as it is to be", async () => {
  const trust = new Trust(state(), ["shipped"].map(hashOf));
  for (const before of ["one", "shipped"]) {
    await trust.add("/w/a.md", "two", before);
    for (const text of [before, "two"]) expect(await trust.holds("/w/a.md", text)).toBe(true);
  }
  await trust.add("/w/a.md", "two");
  expect(await trust.holds("/w/a.md", "one")).toBe(false);
  expect(await trust.holds("/w/a.md", "two")).toBe(true);
});

test("many at once are all kept", async () => {
  const folder = state();
  const trust = new Trust(folder, []);
  const files = Array.from({ length: 20 }, (_, index) => `/w/${index}.md`);
  await Promise.all(files.map((file) => trust.add(file, file)));
  const later = new Trust(folder, []);
  for (const file of files) expect(await later.holds(file, file)).toBe(true);
  expect(readdirSync(folder)).toEqual(["trusted-workbooks.json"]);
});

test("what came with Simile is trusted wherever it lies, and leaves no trace", async () => {
  const folder = state();
  const trust = new Trust(folder, [hashOf("shipped")]);
  expect(await trust.holds("/elsewhere/x.md", "shipped")).toBe(true);
  await trust.add("/elsewhere/x.md", "shipped");
  expect(() => statSync(folder)).toThrow("ENOENT");
});

test("line endings do not make another text", () => {
  expect(hashOf("a\r\nb\r\n")).toBe(hashOf("a\nb\n"));
  expect(hashOf("a\rb")).not.toBe(hashOf("a\nb"));
});

test.skipIf(process.platform === "win32")("only its owner may read the store", async () => {
  const folder = state();
  await new Trust(folder, []).add("/w/a.md", "text");
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, "trusted-workbooks.json")).mode & 0o777).toBe(0o600);
});

test.for(["", "{", "null", "[]", "7", '{"/w/a.md": true}', '{"__proto__": {"/w/a.md": "x"}}'])(
  "a store that holds %j trusts nothing, and takes new entries",
  async (text) => {
    const folder = mkdtempSync(join(tmpdir(), "simile-trust-"));
    writeFileSync(join(folder, "trusted-workbooks.json"), text);
    const trust = new Trust(folder, []);
    expect(await trust.holds("/w/a.md", "x")).toBe(false);
    expect(await trust.holds("toString", "x")).toBe(false);
    await trust.add("/w/a.md", "x");
    expect(await trust.holds("/w/a.md", "x")).toBe(true);
  },
);
