import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChangeSet } from "@codemirror/state";
import { describe, expect, onTestFinished, test } from "vitest";
import { DocumentModel } from "../../../src/client/document/index.ts";
import { Session, type SessionNotice } from "../../../src/client/session.ts";
import { workbookOf } from "../../../src/editing/index.ts";
import { serialise } from "../../../src/workbook/index.ts";
import { chosenOperation } from "../../support/edited-workbooks.ts";
import { startServer } from "../../support/simile-server.ts";
import { frailSocket, randomFrom } from "../support/frail-socket.ts";
import { enter, type Serving, serving } from "../support/serving.ts";

const text = "# A\n\n```ts {#one}\n1\n```\n\n```ts {#echo kernel}\nconst a = 1;\n```\n";

/** A page without its looks: its connection, its document, what it heard. */
class Tab {
  readonly model: DocumentModel;
  readonly session: Session;
  readonly heard: SessionNotice[] = [];
  connections = 0;
  resumed = 0;

  /** @param server where the server is: after it was started anew, another place */
  constructor(
    server: () => Pick<Serving, "origin" | "cookie">,
    random: () => number,
    cuts: number,
    delay: number,
    client: string,
  ) {
    this.model = new DocumentModel({ send: (command) => this.session.send(command) });
    this.session = new Session(
      "a.md",
      {
        notice: (notice) => {
          this.heard.push(notice);
          if (isOfDocument(notice)) this.model.hear(notice);
        },
        connection: (state, _attempts, resumed) => {
          if (state === "open") this.connections++;
          if (resumed) this.resumed++;
          if (state === "lost") setTimeout(() => this.session.retry());
        },
        document: () => this.model.name,
      },
      () => frailSocket(server(), random, cuts, delay),
      client,
    );
    onTestFinished(() => this.session.close());
  }

  all<Type extends SessionNotice["type"]>(type: Type) {
    return this.heard.filter((notice) => notice.type === type) as Extract<
      SessionNotice,
      { type: Type }
    >[];
  }
}

const types = ["document", "edited", "outdated", "save", "conflict"] as const;

function isOfDocument(
  notice: SessionNotice,
): notice is Extract<SessionNotice, { type: (typeof types)[number] }> {
  return (types as readonly string[]).includes(notice.type);
}

const served = () => serving({ files: { "a.md": text }, trusted: [text] });

describe("a connection that is cut between messages", () => {
  async function run(cuts: number, seed: number) {
    const server = await served();
    const tab = new Tab(() => server, randomFrom(seed), cuts, 0, "me");
    await expect.poll(() => tab.model.name).toBeDefined();
    for (let seq = 1; seq <= 30; seq++) {
      const { length } = tab.model.cell("one")!.source;
      tab.model.type("one", ChangeSet.of({ from: length, insert: `${seq},` }, length));
      tab.model.pause();
      tab.session.send({
        type: "request",
        client: "me",
        seq,
        inputs: { seq },
        cells: [{ id: "blink" }, { id: "echo" }],
      });
      await expect.poll(() => tab.all("result").length, { interval: 1 }).toBe(seq);
    }
    await expect.poll(() => tab.model.isAccepted).toBe(true);
    tab.model.save();
    await expect.poll(() => tab.model.saved?.state).toBe("saved");
    return {
      tab,
      results: tab.all("result").map(({ seq, values }) => [seq, values]),
      runs: tab.all("run").map(({ cell, state }) => [cell, state]),
      content: tab.model.content,
      file: readFileSync(join(server.root, "a.md"), "utf8"),
    };
  }

  test.for([1, 2, 3])(
    "ends in the same state as one that is not, and nothing runs twice: %i",
    async (seed) => {
      const { tab: _, ...whole } = await run(0, seed);
      const { tab, ...cut } = await run(0.08, seed);
      expect(tab.resumed).toBeGreaterThan(3);
      expect(cut.runs).toHaveLength(60);
      expect(cut).toEqual(whole);
      expect(cut.file).toContain(Array.from({ length: 30 }, (__, seq) => `${seq + 1},`).join(""));
    },
  );
});

test("two tabs with 2,000 random edits over slow sockets that are cut converge, in the file too", async () => {
  const server = await served();
  const random = randomFrom(7);
  const tabs = ["one", "two"].map((client) => new Tab(() => server, random, 0.01, 3, client));
  for (const { model } of tabs) await expect.poll(() => model.name).toBeDefined();
  for (let count = 0; count < 2_000; count++) {
    const { model } = tabs[Math.floor(random() * 2)]!;
    const numbers = Array.from({ length: 6 }, () => Math.floor(random() * 1_000));
    if (model.content.cells.length > 12) numbers[0] = 1;
    const kind = Math.floor(random() * 12);
    if (kind === 0) model.undo();
    else if (kind === 1) model.redo();
    else {
      const operation = chosenOperation(model.content, numbers, `n${count}`);
      if (operation.type === "text")
        model.type(operation.cell, ChangeSet.fromJSON(operation.changes));
      else model.edit("edit", [operation]);
    }
    if (count % 5 === 0) await new Promise((resolve) => setTimeout(resolve, random() * 4));
  }
  const [one, two] = tabs.map(({ model }) => model) as [DocumentModel, DocumentModel];
  await expect
    .poll(() => one.isAccepted && two.isAccepted && one.name?.revision === two.name?.revision, {
      timeout: 30_000,
    })
    .toBe(true);
  expect(one.content).toEqual(two.content);
  expect(one.name!.revision).toBeGreaterThan(100);
  // On a slow machine edits travel together, and fewer messages are cut.
  expect(tabs.some(({ resumed }) => resumed > 0)).toBe(true);
  one.save();
  await expect
    .poll(() => readFileSync(join(server.root, "a.md"), "utf8"))
    .toBe(serialise(workbookOf(one.content)));
});

test("a tab that sleeps while others write and the server is killed and started anew loses nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "simile-asleep-"));
  const state = mkdtempSync(join(tmpdir(), "simile-asleep-state-"));
  const file = join(folder, "a.md");
  writeFileSync(file, text);
  let server = await startServer(folder, state);
  let address = await enter(server.url);
  const tab = (client: string, where: () => typeof address) =>
    new Tab(where, () => 0.5, 0, 0, client);
  let isAsleep = false;
  // A machine that sleeps reaches nobody.
  const nowhere = { origin: "http://127.0.0.1:9", cookie: "" };
  const sleeper = tab("sleeper", () => (isAsleep ? nowhere : address));
  await expect.poll(() => sleeper.model.name).toBeDefined();
  const write = ({ model }: Tab, cell: string, insert: string) => {
    const { length } = model.cell(cell)!.source;
    model.type(cell, ChangeSet.of({ from: length, insert }, length));
    model.pause();
  };
  isAsleep = true;
  for (const round of [1, 2]) {
    const awake = tab(`awake ${round}`, () => address);
    await expect.poll(() => awake.model.name).toBeDefined();
    write(awake, "one", ` + ${round}`);
    await expect.poll(() => awake.model.isAccepted).toBe(true);
    const ended = new Promise((resolve) => server.process.once("exit", resolve));
    server.process.kill("SIGKILL");
    await ended;
    awake.session.close();
    // The first server's end is what the sleeper's connection ends with.
    write(sleeper, round === 1 ? "echo" : "one", ` // ${round}`);
    server = await startServer(folder, state);
    address = await enter(server.url);
  }
  expect(sleeper.model.isAccepted).toBe(false);
  isAsleep = false;
  await expect.poll(() => sleeper.model.isAccepted).toBe(true);
  sleeper.model.save();
  const whole = serialise(workbookOf(sleeper.model.content));
  await expect.poll(() => readFileSync(file, "utf8")).toBe(whole);
  expect(sleeper.model.cell("echo")!.source).toBe("const a = 1; // 1");
  const sources = sleeper.model.content.cells.map(({ source }) => source).join("\n");
  for (const part of ["1 + 1 + 2", "// 2"]) expect(sources).toContain(part);
  await server.stop();
});
