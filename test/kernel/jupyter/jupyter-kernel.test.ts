import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { JupyterClient, type Told } from "../../support/jupyter-client.ts";

let client: JupyterClient;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "jupyter-"));
  writeFileSync(join(folder, "data.json"), '{"a": 7}');
  client = await JupyterClient.start(folder);
});
afterAll(() => client.kill());

const typesOf = (told: readonly Told[]) => told.map(({ type }) => type);

describe("executing", () => {
  test("gives results, and what is declared stays", async () => {
    await client.executed("const a: number = await Promise.resolve(20)");
    const { reply, outputs } = await client.executed("a + 1");
    expect(reply).toMatchObject({ status: "ok", payload: [], user_expressions: {} });
    expect(outputs).toMatchObject([
      { type: "execute_result", content: { data: { "text/plain": "21" }, metadata: {} } },
    ]);
    expect(outputs[0]!.content["execution_count"]).toBe(reply["execution_count"]);
  });

  test("prints in order, each line on its stream", async () => {
    const { outputs } = await client.executed(
      "console.log('one'); console.error('two'); console.log('three')",
    );
    expect(outputs.map(({ content }) => [content["name"], content["text"]])).toEqual([
      ["stdout", "one\n"],
      ["stderr", "two\n"],
      ["stdout", "three\n"],
    ]);
  });

  test("prints late under the cell that caused it", async () => {
    const first = client.execute("setTimeout(() => console.log('late'), 150); 0");
    await client.reply(first);
    await client.executed("1");
    const late = await client.find(
      client.published,
      ({ type, content }) => type === "stream" && content["text"] === "late\n",
    );
    expect(late.parent).toBe(first);
  });

  test("tells errors with the line of the code, and gives up what waits", async () => {
    const code = "const b = 1;\nawait input();\nnull.x";
    const failing = client.execute(code, { allow_stdin: true });
    const waiting = client.execute("b");
    // Answered while the first runs: what was sent before is waiting.
    await client.request("kernel_info_request");
    await client.find(client.asked, ({ parent }) => parent === failing);
    client.send("input_reply", { value: "" }, client.stdin);
    const reply = await client.reply(failing);
    expect(reply).toMatchObject({ status: "error", ename: "TypeError" });
    expect((reply["traceback"] as string[]).join("\n")).toContain("    null.x\n         ");
    expect(await client.reply(waiting)).toMatchObject({ status: "aborted" });
    await client.idle(failing);
    expect(typesOf(client.outputs(failing))).toEqual(["error"]);
  });

  test("goes on after an error when it is asked to", async () => {
    client.execute("throw 1", { stop_on_error: false });
    expect(await client.reply(client.execute("1"))).toMatchObject({ status: "ok" });
  });

  test("silently publishes no result, counts nothing, and is not remembered", async () => {
    const { reply: before } = await client.executed("0");
    const { reply, outputs } = await client.executed("5", { silent: true });
    expect(outputs).toEqual([]);
    expect(reply["execution_count"]).toBe(before["execution_count"]);
    const { history } = await client.request("history_request", {
      output: false,
      raw: true,
      hist_access_type: "tail",
      n: 1,
    });
    expect(history).toMatchObject([[1, before["execution_count"], "0"]]);
  });

  test("evaluates the expressions that a client wants to know", async () => {
    const { reply } = await client.executed("let u = 3", {
      user_expressions: { twice: "u * 2", wrong: "nowhere_" },
    });
    expect(reply["user_expressions"]).toMatchObject({
      twice: { status: "ok", data: { "text/plain": "6" } },
      wrong: { status: "error", ename: "ReferenceError" },
    });
  });

  test("shows, shows anew, clears, and pages", async () => {
    const { reply, outputs } = await client.executed(
      "const shown = display('a'); shown.update('b'); clear({ wait: true }); page('c')",
    );
    expect(typesOf(outputs)).toEqual(["display_data", "update_display_data", "clear_output"]);
    const [first, second, third] = outputs.map(({ content }) => content);
    expect(first).toMatchObject({ data: { "text/plain": "'a'" } });
    expect(second!["transient"]).toEqual(first!["transient"]);
    expect(third).toEqual({ wait: true });
    expect(reply["payload"]).toMatchObject([{ source: "page", data: { "text/plain": "'c'" } }]);
  });

  test("asks the person, where somebody answers", async () => {
    const id = client.execute("const name = await input('Who? '); name + '!'", {
      allow_stdin: true,
    });
    const question = await client.find(client.asked, ({ parent }) => parent === id);
    expect(question.content).toEqual({ prompt: "Who? ", password: false });
    client.send("input_reply", { value: "Ada" }, client.stdin);
    await client.idle(id);
    expect(client.outputs(id)).toMatchObject([{ content: { data: { "text/plain": "'Ada!'" } } }]);
    expect(await client.reply(client.execute("await input()"))).toMatchObject({
      evalue: "Cannot ask: this client does not answer questions",
    });
  });

  test("refuses code that is none, or is nested too deep to be read, and goes on", async () => {
    expect(await client.reply(client.execute("", { code: { a: 1 } }))).toMatchObject({
      status: "error",
      evalue: 'Cannot execute: expected code to be a text, found {"a":1}',
    });
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect(await client.reply(client.execute(deep))).toMatchObject({
      status: "error",
      ename: "SyntaxError",
      evalue: "Cannot read code: Maximum call stack size exceeded",
    });
    expect((await client.executed("1")).reply).toMatchObject({ status: "ok" });
  });

  test("imports the library and files beside the notebook", async () => {
    const { outputs } = await client.executed(
      'import { similarity, randomBilinear } from "simile"; import file from "./data.json" with { type: "json" }; const net = randomBilinear({ dIn: 4, dHidden: 3, dOut: 2, seed: 1 }); const { value } = await similarity(net, net); [value.toFixed(6), file.a]',
    );
    expect(outputs).toMatchObject([{ content: { data: { "text/plain": "[ '1.000000', 7 ]" } } }]);
  });
});

describe("while a cell keeps the thread", () => {
  // One test's loop must not be the next one's.
  afterEach(() => client.request("interrupt_request", {}, client.control));

  test("everything else is answered, and the last state heard is busy", async () => {
    const id = client.execute("while (true) {}");
    await client.find(
      client.published,
      ({ parent, type }) => parent === id && type === "execute_input",
    );
    expect(await client.request("kernel_info_request")).toMatchObject({ status: "ok" });
    expect(
      await client.request("complete_request", { code: "Math.ab", cursor_pos: 7 }),
    ).toMatchObject({ matches: ["abs"], cursor_start: 5, cursor_end: 7 });
    await client.heartbeat.send("beat");
    expect(String(await client.heartbeat.receive())).toBe("beat");
    // What is published comes through another door than answers do.
    await expect
      .poll(() => client.published.filter(({ type }) => type === "status").at(-1))
      .toMatchObject({ parent: id, content: { execution_state: "busy" } });

    expect(await client.request("interrupt_request", {}, client.control)).toEqual({ status: "ok" });
    expect(await client.reply(id)).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
    const { outputs } = await client.executed("a");
    expect(outputs).toMatchObject([{ content: { data: { "text/plain": "20" } } }]);
  });

  test("an interrupt gives up what waits", async () => {
    const running = client.execute("await new Promise(() => {})");
    const waiting = client.execute("1");
    await client.find(
      client.published,
      ({ parent, type }) => parent === running && type === "execute_input",
    );
    client.process.kill("SIGINT");
    expect(await client.reply(waiting)).toMatchObject({ status: "aborted" });
    expect(await client.reply(running)).toMatchObject({ ename: "KeyboardInterrupt" });
  });

  test.for([0, 1, 3, 10, 30])("an interrupt %i ms after the request is heard", async (ms) => {
    const id = client.execute("for (;;);");
    await new Promise((resolve) => setTimeout(resolve, ms));
    client.send("interrupt_request", {}, client.control);
    // The two doors are not in order: the first interrupt may have come before the request.
    const again = setTimeout(() => client.send("interrupt_request", {}, client.control), 500);
    const { status, ename } = await client.reply(id);
    clearTimeout(again);
    expect(status === "aborted" || ename === "KeyboardInterrupt").toBe(true);
    expect((await client.executed("a")).reply).toMatchObject({ status: "ok" });
  });
});

describe("what is no message", () => {
  test("is refused with a sentence, and everything goes on", async () => {
    const good = client.frames("kernel_info_request", {});
    const bad: Buffer[][] = [
      [Buffer.from("nothing")],
      good.slice(0, 3),
      [good[0]!, Buffer.from("0".repeat(64)), ...good.slice(2)],
      client.frames("execute_request", { code: "1" }).with(2, Buffer.from("{")),
    ];
    for (const frames of bad) await client.sendFrames(frames);
    // The same message twice is answered once.
    await client.sendFrames(good);
    await client.sendFrames(good);
    expect(await client.request("kernel_info_request")).toMatchObject({ status: "ok" });
    const own = JSON.parse(String(good[2])) as { msg_id: string };
    expect(client.replies.filter(({ parent }) => parent === own.msg_id)).toHaveLength(1);
    for (const sentence of [
      "it has no delimiter",
      "expected 4 parts after the signature, found 1",
      "its signature is wrong",
      "it came before",
    ]) {
      await expect.poll(() => client.errors).toContain(`Cannot read a message: ${sentence}`);
    }
  });
});

describe("the process that runs code", () => {
  test("tells the memory it holds, also while code runs", async () => {
    await client.executed("0");
    const usage = await client.request("usage_request", {}, client.control);
    expect(usage).toMatchObject({
      hostname: expect.any(String),
      pid: expect.any(Number),
      host_virtual_memory: { total: expect.any(Number) },
    });
    expect(usage["kernel_memory"]).toBeGreaterThan(1e6);
  });

  test("can be killed while nothing runs: that is told too", async () => {
    await client.executed("0");
    const { pid } = await client.request("usage_request", {}, client.control);
    process.kill(pid as number, "SIGKILL");
    const told = () => client.published.filter(({ type }) => type === "stream");
    await expect
      .poll(() => told().map(({ content }) => content["text"]))
      .toContain(
        "The kernel was killed (SIGKILL): by someone, or by a system short of memory. All variables are lost\n",
      );
  });

  test("can die: the cell is told why, and the next one runs in a new process", async () => {
    await client.executed("let kept = 1");
    const { reply, outputs } = await client.executed("process.exit(3)");
    expect(reply).toMatchObject({ status: "error", ename: "KernelDied" });
    expect(reply["evalue"]).toMatch(
      /^process\.exit\(3\) was called in line 1\. All variables are lost/,
    );
    expect(typesOf(outputs)).toEqual(["error"]);
    expect((await client.executed("typeof kept")).outputs).toMatchObject([
      { content: { data: { "text/plain": "'undefined'" } } },
    ]);
  });

  test("ends with the kernel", async () => {
    const { outputs } = await client.executed("process.pid");
    const pid = Number((outputs[0]!.content["data"] as Record<string, string>)["text/plain"]);
    const gone = new Promise((resolve) => client.process.once("exit", resolve));
    expect(await client.request("shutdown_request", { restart: false }, client.control)).toEqual({
      status: "ok",
      restart: false,
    });
    expect(await gone).toBe(0);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});
