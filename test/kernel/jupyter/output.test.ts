import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { JupyterClient, type Told } from "../../support/jupyter-client.ts";

let client: JupyterClient;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "output-"));
  client = await JupyterClient.start(folder);
});
afterAll(() => client.kill());

const printed = (outputs: readonly Told[], stream: string) =>
  outputs
    .filter(({ type, content }) => type === "stream" && content["name"] === stream)
    .map(({ content }) => content["text"])
    .join("");

test("ten thousand lines are all told, in order, in few messages", async () => {
  const { outputs } = await client.executed("for (let i = 0; i < 10_000; i++) console.log(i)");
  expect(printed(outputs, "stdout")).toBe(
    Array.from({ length: 10_000 }, (_, i) => `${i}\n`).join(""),
  );
  expect(outputs.length).toBeLessThan(1_000);
});

test("more is cut, with one sentence that says how much and where all of it is", async () => {
  const { reply, outputs } = await client.executed(
    "for (let i = 0; i < 10_400; i++) console.log('x'.repeat(1_000), i); 'end'",
  );
  expect(reply).toMatchObject({ status: "ok" });
  expect(printed(outputs, "stdout").length).toBe(2 * 2 ** 20 + 1);
  const [, path] = / left out: [\d,]+ lines \([\d,]+ characters\); the full log is in (.*)\n$/.exec(
    printed(outputs, "stderr"),
  )!;
  const lines = readFileSync(path!, "utf8").split("\n");
  expect(lines).toHaveLength(10_401);
  expect(lines.every((line, i) => i === 10_400 || line === `${"x".repeat(1_000)} ${i}`)).toBe(true);
});

test("a loop that prints is stopped, and what it printed is in the file", async () => {
  const id = client.execute("for (let i = 0; ; i++) console.log('loop', i)");
  await client.find(
    client.published,
    ({ parent, content }) => parent === id && String(content["text"]).includes("from here on"),
  );
  await client.request("interrupt_request", {}, client.control);
  expect(await client.reply(id)).toMatchObject({ ename: "KeyboardInterrupt" });
  await client.idle(id);
  const [, path] = /the full log is in (.*)\n/.exec(printed(client.outputs(id), "stderr"))!;
  const lines = readFileSync(path!, "utf8").split("\n").slice(0, 20_000);
  expect(lines.length).toBeGreaterThan(10_000);
  expect(lines.slice(0, 10_001).every((line, i) => line === `loop ${i}`)).toBe(true);
});
