import { describe, expect, test } from "vitest";
import { decode } from "../../../src/protocol/index.ts";
import { serving } from "../support/serving.ts";
import { Visitor, wait } from "../support/visitor.ts";

const text = "# A\n\ntext\n";

async function opened() {
  const served = await serving({ files: { "a.md": text }, trusted: [text] });
  const visitor = await Visitor.connect(served, "a.md");
  await visitor.next("kernel");
  return { served, visitor };
}

describe("kernel", () => {
  test("it starts with the first request, and is ready once", async () => {
    const { visitor } = await opened();
    expect(visitor.all("kernel").map(({ state }) => state)).toEqual(["none"]);
    visitor.request("echo", { a: Float64Array.of(1, Number.NaN) });
    expect((await visitor.next("result")).values).toEqual({ a: Float64Array.of(1, Number.NaN) });
    visitor.request("echo");
    await visitor.next("result");
    expect(visitor.all("kernel").map(({ state }) => state)).toEqual(["none", "starting", "ready"]);
  });

  test("results go to who asked, runs and logs to all", async () => {
    const { served, visitor } = await opened();
    const other = await Visitor.connect(served, "a.md");
    await other.next("kernel");
    visitor.request("echo");
    await visitor.next("result");
    visitor.request("loop");
    expect(await other.next("run")).toEqual({ type: "run", cell: "loop", state: "running" });
    expect((await other.next("log")).text).toBe("looping");
    expect((await other.next("kernel")).state).toBe("busy");
    expect(other.all("result")).toEqual([]);
  });

  test("runs that are over in a blink do not make the state flicker", async () => {
    const { visitor } = await opened();
    for (let run = 0; run < 20; run++) visitor.request("blink");
    await visitor.next("run", () => visitor.all("run").length === 40);
    await wait(150);
    expect(visitor.all("kernel").map(({ state }) => state)).toEqual(["none", "starting", "ready"]);
  });

  test("a page that comes late hears what runs and what it logged", async () => {
    const { served, visitor } = await opened();
    visitor.request("loop");
    await visitor.next("log");
    await visitor.close();
    const late = await Visitor.connect(served, "a.md");
    expect((await late.next("kernel")).state).toBe("busy");
    expect((await late.next("log")).text).toBe("looping");
    expect((await late.next("run")).state).toBe("running");
  });

  test("a page that reconnects under its name is answered on its new socket", async () => {
    const { served, visitor } = await opened();
    visitor.request("echo");
    await visitor.next("result");
    const back = await Visitor.connect(served, "a.md");
    back.send({
      type: "request",
      client: visitor.client,
      seq: 9,
      inputs: {},
      cells: [{ id: "echo" }],
    });
    expect((await back.next("result")).seq).toBe(9);
    expect(visitor.all("result")).toHaveLength(1);
  });

  test("stop reaches it while it runs", async () => {
    const { visitor } = await opened();
    visitor.request("loop");
    await visitor.next("kernel", ({ state }) => state === "busy");
    visitor.send({ type: "stop" });
    expect((await visitor.next("run")).state).toBe("stopped");
    expect((await visitor.next("kernel")).state).toBe("ready");
  });

  test("a cell that does not stop in 3 s is named, and so is what ends it", async () => {
    const { visitor } = await opened();
    visitor.request("deaf");
    await visitor.next("kernel", ({ state }) => state === "busy");
    visitor.send({ type: "stop" });
    expect(await visitor.next("kernel")).toEqual({
      type: "kernel",
      state: "busy",
      culprit: "deaf",
      stuck: true,
      reason:
        "it did not stop within 3 s, as in a long call into native code. Ending the kernel ends it, and its values are lost",
    });
  });

  test("what the process prints is a log of the cell that runs", async () => {
    const { visitor } = await opened();
    visitor.request("loop");
    await visitor.next("log");
    visitor.request("print");
    const logs = [await visitor.next("log"), await visitor.next("log")];
    expect(logs.map(({ cell, level, text }) => [cell, level, text]).sort()).toEqual([
      ["loop", "error", "a line of stderr"],
      ["loop", "log", "a line of stdout"],
    ]);
  });

  test("its memory is told with its state", async () => {
    const { served, visitor } = await opened();
    visitor.request("grow");
    const notice = { type: "kernel", state: "ready", bytes: 123456789 };
    expect(await visitor.next("kernel", ({ bytes }) => bytes !== undefined)).toEqual(notice);
    const late = await Visitor.connect(served, "a.md");
    expect(await late.next("kernel")).toEqual(notice);
    visitor.send({ type: "restart" });
    expect(await visitor.next("kernel")).toEqual({ type: "kernel", state: "starting" });
  });

  test("notices that make no sense are dropped, and none can be forged", async () => {
    const { visitor } = await opened();
    visitor.request("forge");
    expect((await visitor.next("result")).values).toEqual({ done: true });
    expect(visitor.all("workbook")).toHaveLength(1);
    expect(visitor.all("kernel").map(({ state }) => state)).not.toContain("died");
  });
});

describe("the kernel dies", () => {
  test.for<[string, string]>([
    ["exit", "The kernel ended by itself with exit code 3"],
    ["memory", "The kernel ran out of memory"],
    ["garbage", "The kernel broke its protocol"],
  ])("%s: the reason is told, and nothing runs until a person says so", async ([cell, reason]) => {
    const { visitor } = await opened();
    visitor.request(cell);
    const died = await visitor.next("kernel", ({ state }) => state === "died");
    expect(died.reason).toMatch(reason);
    expect(died.culprit).toBe(cell === "exit" ? "exit" : undefined);
    visitor.request("echo");
    expect((await visitor.next("refused")).message).toMatch(/^Cannot run: The kernel .*Restart it/);
    expect((await visitor.next("kernel")).state).toBe("died");
    await wait(100);
    expect(visitor.all("result")).toEqual([]);
  });

  test("killed from outside, then restarted, it computes", async () => {
    const { served, visitor } = await opened();
    visitor.request("pid");
    visitor.request("loop");
    const { pid } = (await visitor.next("result")).values as { pid: number };
    await visitor.next("log");
    process.kill(pid, "SIGKILL");
    const died = await visitor.next("kernel", ({ state }) => state === "died");
    expect(died).toMatchObject({ culprit: "loop", reason: expect.stringMatching("SIGKILL") });
    const late = await Visitor.connect(served, "a.md");
    expect((await late.next("kernel")).state).toBe("died");
    visitor.send({ type: "restart" });
    await visitor.next("kernel", ({ state }) => state === "ready");
    visitor.request("echo", { a: 1 });
    expect((await visitor.next("result")).values).toEqual({ a: 1 });
    expect((await late.next("kernel", ({ state }) => state === "ready")).reason).toBeUndefined();
  });

  test("run starts it again too", async () => {
    const { visitor } = await opened();
    visitor.request("exit");
    await visitor.next("kernel", ({ state }) => state === "died");
    visitor.send({ type: "run" });
    await visitor.next("kernel", ({ state }) => state === "ready");
  });

  test("restart ends a kernel that hears nothing", async () => {
    const { visitor } = await opened();
    visitor.request("deaf");
    await visitor.next("kernel", ({ state }) => state === "busy");
    visitor.send({ type: "restart" });
    await visitor.next("kernel", ({ state }) => state === "ready");
    visitor.request("echo");
    await visitor.next("result");
    expect(visitor.all("kernel").map(({ state }) => state)).not.toContain("died");
  });
});

describe("large results", () => {
  test("they are announced, and fetched as the kernel's own frame", async () => {
    const { served, visitor } = await opened();
    const seq = visitor.request("big");
    const notice = await visitor.next("result");
    expect(notice).not.toHaveProperty("values");
    expect(notice).toMatchObject({ client: visitor.client, seq, cell: "big", result: "r1", ms: 1 });
    const answer = await served.get(notice.href!);
    expect(answer.headers.get("content-type")).toBe("application/octet-stream");
    const frame = decode(new Uint8Array(await answer.arrayBuffer())) as typeof notice;
    expect(frame.values).toEqual({ x: new Float64Array(new Uint8Array(800_000).fill(seq).buffer) });
  });

  test("a newer one supersedes it for its page, not for another", async () => {
    const { served, visitor } = await opened();
    const other = await Visitor.connect(served, "a.md");
    visitor.request("big");
    const first = (await visitor.next("result")).href!;
    other.request("big");
    expect((await other.next("result")).href).toBe(first);
    visitor.request("echo");
    visitor.request("big");
    const second = (await visitor.next("result", ({ cell }) => cell === "big")).href!;
    expect((await served.get(first)).status).toBe(200);
    await other.close();
    await wait(20);
    expect((await served.get(first)).status).toBe(410);
    expect((await served.get(second)).status).toBe(200);
  });

  test("a restart supersedes them all", async () => {
    const { served, visitor } = await opened();
    visitor.request("big");
    const { href } = await visitor.next("result");
    visitor.send({ type: "restart" });
    await visitor.next("kernel", ({ state }) => state === "ready");
    expect((await served.get(href!)).status).toBe(410);
  });
});
