import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shippedHashes } from "../../server/documents/shipped.ts";
import { hashOf } from "../../server/documents/trust.ts";
import { installation } from "../../server/installation.ts";

test("the committed hashes are those of the workbooks that come with Simile", async () => {
  const folder = join(installation, "workbooks");
  const hashes = readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => hashOf(readFileSync(join(folder, name), "utf8")));
  expect(
    await shippedHashes(),
    "run node server/bootstrap/shipped.mjs after changing a workbook",
  ).toEqual(hashes);
});
