import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { JupyterClient } from "../../support/jupyter-client.ts";

let client: JupyterClient;

beforeAll(async () => {
  client = await JupyterClient.start(mkdtempSync(join(tmpdir(), "jupyter-")));
});
afterAll(() => client.kill());

test("completes what was executed, with offsets in code points", async () => {
  await client.executed("const shape = { width: 1, height: 2 }");
  const code = "'🙂'; shape.wid";
  expect(
    await client.request("complete_request", { code, cursor_pos: Array.from(code).length }),
  ).toMatchObject({ matches: ["width"], cursor_start: 11, cursor_end: 14 });
});

test("completes by the live value where types say nothing, and runs nothing for it", async () => {
  await client.executed(
    "const loaded = JSON.parse('{\"steps\": 1, \"stamps\": {\"last\": 2}}'); Object.defineProperty(loaded, 'state', {get() { throw new Error('A getter ran') }})",
  );
  const complete = async (code: string) =>
    (await client.request("complete_request", { code, cursor_pos: code.length }))["matches"];
  expect(await complete("loaded.st")).toEqual(["steps", "stamps", "state"]);
  expect(await complete("loaded.stamps.")).toEqual(expect.arrayContaining(["last"]));
  expect(await complete("loaded.state.")).toEqual([]);
  const busy = client.execute("while (true) {}");
  // While code keeps the thread, the value answers in time or is left out.
  for (let round = 0; round < 3; round++) {
    expect([[], ["steps", "stamps", "state"]]).toContainEqual(await complete("loaded.st"));
  }
  await client.request("interrupt_request", {}, client.control);
  await client.reply(busy);
  expect(await complete("loaded.ste")).toEqual(["steps"]);
});

test("completes what is not imported with its import", async () => {
  const code = "const m = await similarityMa";
  // It is read when nothing else is asked.
  await expect
    .poll(async () => client.request("complete_request", { code, cursor_pos: code.length }), {
      timeout: 30_000,
      interval: 500,
    })
    .toMatchObject({
      matches: ['import { similarityMatrix } from "simile";\nconst m = await similarityMatrix'],
      cursor_start: 0,
      cursor_end: code.length,
      metadata: { _jupyter_types_experimental: [{ type: "function" }] },
    });
});

test("inspects names of the library with their docstrings", async () => {
  const reply = await client.request("inspect_request", {
    code: 'import { similarity } from "simile"; similarity',
    cursor_pos: 40,
    detail_level: 0,
  });
  expect(reply).toMatchObject({ status: "ok", found: true });
  expect((reply["data"] as Record<string, string>)["text/plain"]).toMatch(/function similarity\(/);
  expect(
    await client.request("inspect_request", { code: "1 + 1", cursor_pos: 2, detail_level: 0 }),
  ).toEqual({ status: "ok", found: false, data: {}, metadata: {} });
});

test("tells code that is complete from code that is not", async () => {
  const status = async (code: string) =>
    (await client.request("is_complete_request", { code }))["status"];
  expect([await status("f(1)"), await status("f("), await status("1 1")]).toEqual([
    "complete",
    "incomplete",
    "invalid",
  ]);
});
