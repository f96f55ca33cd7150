import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { LanguageThread } from "../../../kernel/language/language-thread.ts";
import { installation } from "../../../server/installation.ts";
import { temporaryFolder } from "../../support/folder.ts";

const script = pathToFileURL(join(installation, "dist", "language.js"));

test("starts with the first question, rests when none comes, and knows what was executed meanwhile", async () => {
  const thread = new LanguageThread(await temporaryFolder(), { script, after: 1 });
  thread.executed("const first = { one: 1 };");
  expect(thread.isAwake).toBe(false);
  expect((await thread.complete("first.", 6)).matches).toMatchObject([{ text: "one" }]);
  await expect.poll(() => thread.isAwake).toBe(false);
  thread.executed("const second = { two: first.one };");
  expect(thread.isAwake).toBe(false);
  expect((await thread.complete("second.", 7)).matches).toMatchObject([{ text: "two" }]);
});

test("blanks types, says what is not erasable, and whether code is complete", async () => {
  const thread = new LanguageThread(await temporaryFolder(), { script });
  expect(await thread.strip("const a: number = 1", false)).toEqual({
    code: "const a         = 1",
  });
  expect(await thread.strip("import a = require('a')", false)).toMatchObject({ offset: 0 });
  expect(await thread.completeness("f(")).toEqual({ status: "incomplete", indent: "  " });
  expect(await thread.completeness("1 1")).toEqual({ status: "invalid" });
});

test("types are blanked and code is taken as complete although the thread fails", async () => {
  const folder = await temporaryFolder();
  const failing = join(folder, "failing.mjs");
  writeFileSync(failing, "throw new Error('no')");
  const thread = new LanguageThread(folder, { script: pathToFileURL(failing) });
  expect(await thread.strip("let b: string", false)).toEqual({ code: "let b        " });
  expect(await thread.completeness("f(")).toEqual({ status: "complete" });
  expect(await thread.complete("ab", 2)).toEqual({ matches: [], start: 2, end: 2 });
  expect(await thread.inspect("ab", 2)).toBeUndefined();
});
