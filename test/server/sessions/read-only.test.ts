import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../support/simile-server.ts";
import { enter } from "../support/serving.ts";
import { Visitor } from "../support/visitor.ts";

/** Somebody else than the superuser, who may write everywhere. */
const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
const text = "# A\n\n```ts {#one}\nx\n```\n";

/** Whether another user may read what the tests run. */
function canRun(): boolean {
  const program = join(import.meta.dirname, "..", "..", "..", "dist", "cli.js");
  const user = nobody === undefined ? {} : { uid: nobody, gid: nobody };
  return spawnSync(process.execPath, [program, "--help"], user).status === 0;
}

test("a folder that may not be written: said with file and reason, kept through a kill, saved when it may", async (context) => {
  if (!canRun()) return context.skip("another user may not read this folder");
  // The folder of the tests is its owner's alone.
  const top = mkdtempSync(join(nobody === undefined ? tmpdir() : "/tmp", "simile-read-only-"));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  chmodSync(top, 0o755);
  const [folder, state] = [join(top, "books"), join(top, "state")];
  for (const made of [folder, state]) mkdirSync(made);
  if (nobody !== undefined) chownSync(state, nobody, nobody);
  const file = join(folder, "a.md");
  writeFileSync(file, text);
  chmodSync(file, 0o444);
  chmodSync(folder, 0o555);
  let revision = 0;
  for (let round = 0; round < 3; round++) {
    const server = await startServer(folder, state, nobody);
    const page = await Visitor.connect(await enter(server.url), "a.md");
    const { content, epoch, recovered, ...at } = await page.next("document");
    expect([at.revision, recovered ?? 0]).toEqual([revision, revision]);
    expect(content.cells.find(({ id }) => id === "one")!.source).toBe("x".repeat(revision + 1));
    const operations = [{ type: "text", cell: "one", changes: [revision + 1, [0, "x"]] }] as const;
    const edits = [{ id: `${round}`, label: "typing", operations }];
    page.send({ type: "edit", base: { epoch, revision }, edits });
    revision++;
    const { save } = await page.next("save", (told) => told.save.state === "failed");
    expect(save).toMatchObject({
      reason: "Cannot save a.md: this user may not write the file or its folder",
      retry: expect.any(Number),
    });
    expect(save).not.toHaveProperty("unjournaled");
    expect(readFileSync(file, "utf8")).toBe(text);
    if (round === 2) {
      chmodSync(folder, 0o777);
      chmodSync(file, 0o666);
      // Nobody asks for it.
      const written = text.replace("\nx\n", "\nxxxx\n");
      await expect.poll(() => readFileSync(file, "utf8")).toBe(written);
      await page.next("save", (told) => told.save.state === "saved");
    }
    const ended = new Promise((resolve) => server.process.once("exit", resolve));
    server.process.kill("SIGKILL");
    await ended;
  }
});
