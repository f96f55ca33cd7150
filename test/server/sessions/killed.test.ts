import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startServer } from "../../support/simile-server.ts";
import { enter } from "../support/serving.ts";
import { Visitor, wait } from "../support/visitor.ts";

/** Many in CI; a few elsewhere. */
const rounds = Number(process.env["KILL_ROUNDS"] ?? 4);

const textAt = (revision: number) => `# A\n\n\`\`\`ts {#one}\n${"x".repeat(revision)}\n\`\`\`\n`;
/** A cell that is empty has no line of its own. */
const beginning = "# A\n\n```ts {#one}\nx\n```\n";

/** Edits in a file, which is one of the texts it was given and no mixture. */
function editsIn(file: string): number {
  const text = readFileSync(file, "utf8");
  const count = text.match(/x/g)?.length ?? 0;
  expect(text).toBe(textAt(count));
  return count;
}

test(
  `a server that is killed while it saves leaves the old file or the new one, and no edit it acknowledged is lost: ${rounds} times`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "simile-killed-"));
    const state = mkdtempSync(join(tmpdir(), "simile-killed-state-"));
    const file = join(folder, "a.md");
    writeFileSync(file, beginning);
    let acknowledged = 1;
    let sent = 1;
    for (let round = 0; round <= rounds; round++) {
      const server = await startServer(folder, state);
      const page = await Visitor.connect(await enter(server.url), "a.md");
      const { epoch, revision, content } = await page.next("document");
      const found = content.cells.find(({ id }) => id === "one")!.source.length;
      expect(found).toBeGreaterThanOrEqual(acknowledged);
      expect(found).toBeLessThanOrEqual(sent);
      // What the person has run stays trusted, whether the old or the new text is in the file.
      expect((await page.next("workbook")).trusted).toBe(round > 0);
      if (round === 0) {
        page.send({ type: "run", number: 1 });
        await page.next("done");
      }
      if (round === rounds) {
        page.send({ type: "save" });
        await expect.poll(() => editsIn(file)).toBe(found);
        expect(readdirSync(folder)).toEqual(["a.md"]);
        await server.stop();
        break;
      }
      sent = found;
      const end = performance.now() + 20 + Math.random() * 150;
      for (let made = 0; performance.now() < end; made++) {
        const at = found + made;
        const operations = [{ type: "text", cell: "one", changes: [at, [0, "x"]] }] as const;
        const edit = { id: `${round} ${made}`, label: "typing", operations };
        const base = { epoch, revision: revision + made };
        page.send({ type: "edit", base, edits: [edit] });
        if (made % 3 === 0) page.send({ type: "save" });
        sent = at + 1;
        await wait(Math.random() * 4);
      }
      const ended = new Promise((resolve) => server.process.once("exit", resolve));
      server.process.kill("SIGKILL");
      await ended;
      acknowledged = found + page.all("edited").length;
      expect(page.all("refused")).toEqual([]);
      const inFile = editsIn(file);
      expect(inFile).toBeLessThanOrEqual(sent);
    }
  },
  30_000 + rounds * 5_000,
);
