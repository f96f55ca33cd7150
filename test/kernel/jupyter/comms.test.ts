import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { JupyterClient, type Told } from "../../support/jupyter-client.ts";

let client: JupyterClient;

beforeAll(async () => {
  client = await JupyterClient.start(mkdtempSync(join(tmpdir(), "comms-")));
});
afterAll(() => client.kill());

/** Sends a client's word; the id of its message. */
function say(type: string, content: Readonly<Record<string, unknown>>, buffers: Buffer[] = []) {
  const frames = client.frames(type, content);
  void client.sendFrames([...frames, ...buffers]);
  return (JSON.parse(String(frames[2])) as { msg_id: string }).msg_id;
}

const through = (comm: unknown, type: string) => (told: Told) =>
  told.type === type && told.content["comm_id"] === comm;

const dataOf = ({ content }: Told) => content["data"] as Record<string, unknown>;
const text = (told: readonly Told[]) => dataOf(told[0]!)["text/plain"];

describe("a comm", () => {
  test("that a cell opens carries data, metadata and bytes both ways", async () => {
    const { outputs } = await client.executed(
      "const map = comm.open('map', { zoom: 2 }, { metadata: { v: 1 }, buffers: [Float64Array.of(0.5)] });" +
        "map.onMessage(({ data, metadata, buffers: [bytes] }) => map.send({ twice: data.n * 2, metadata }, { buffers: [new Float64Array(bytes.buffer, bytes.byteOffset, 1).map((x) => 2 * x)] }))",
    );
    const [opened] = outputs;
    expect(opened).toMatchObject({
      type: "comm_open",
      content: { target_name: "map", data: { zoom: 2 } },
      metadata: { v: 1 },
    });
    const half = Buffer.from(Float64Array.of(0.5).buffer);
    expect(opened!.buffers).toEqual([half]);
    const id = opened!.content["comm_id"];
    const said = say("comm_msg", { comm_id: id, data: { n: 21 } }, [half]);
    const answer = await client.find(client.published, through(id, "comm_msg"));
    expect(answer.content["data"]).toEqual({ twice: 42, metadata: {} });
    expect(answer.buffers).toEqual([Buffer.from(Float64Array.of(1).buffer)]);
    await client.idle(said);
    const statuses = client.published.filter(({ parent }) => parent === said);
    expect(statuses.map(({ content }) => content["execution_state"])).toEqual(["busy", "idle"]);
  });

  test("that a client opens reaches what registered its target, although that runs only now", async () => {
    const running = client.execute(
      "comm.register('chart', (c, { data }) => { c.onMessage((m) => c.send(m.data)); c.send({ hello: data.name }); c.onClose(() => console.log('closed')) })",
    );
    say("comm_open", { comm_id: "c1", target_name: "chart", data: { name: "Ada" } });
    say("comm_msg", { comm_id: "c1", data: { n: 1 } });
    await client.find(
      client.published,
      (told) => through("c1", "comm_msg")(told) && dataOf(told)["n"] === 1,
    );
    const words = client.published.filter(through("c1", "comm_msg"));
    expect(words.map(({ content }) => content["data"])).toEqual([{ hello: "Ada" }, { n: 1 }]);
    expect(words.map(({ parent }) => parent)).toEqual([running, running]);
    say("comm_close", { comm_id: "c1", data: {} });
    const late = await client.find(
      client.published,
      ({ content }) => content["text"] === "closed\n",
    );
    expect(late.parent).toBe(running);
  });

  test("to what nobody has registered is closed again", async () => {
    say("comm_open", { comm_id: "c2", target_name: "nothing", data: {} });
    await client.find(client.published, through("c2", "comm_close"));
  });

  test("is known to those who ask, by target or all of them", async () => {
    const { outputs } = await client.executed("const a = comm.open('one'), b = comm.open('two')");
    const [one, two] = outputs.map(({ content }) => String(content["comm_id"]));
    const all = await client.request("comm_info_request");
    expect(all["comms"]).toMatchObject({
      [one!]: { target_name: "one" },
      [two!]: { target_name: "two" },
    });
    expect(await client.request("comm_info_request", { target_name: "two" })).toEqual({
      status: "ok",
      comms: { [two!]: { target_name: "two" } },
    });
    await client.executed("a.close()");
    expect(await client.request("comm_info_request", { target_name: "one" })).toEqual({
      status: "ok",
      comms: {},
    });
  });

  test("is heard while a cell awaits", async () => {
    const id = client.execute(
      "const asked = comm.open('ask'); const said = await new Promise((resolve) => asked.onMessage(({ data }) => resolve(data.text))); said",
    );
    const opened = await client.find(
      client.published,
      ({ parent, type }) => parent === id && type === "comm_open",
    );
    say("comm_msg", { comm_id: opened.content["comm_id"], data: { text: "now" } });
    await client.idle(id);
    expect(text(client.outputs(id).filter(({ type }) => type === "execute_result"))).toBe("'now'");
  });

  test("whose handler fails is told of at the cell that registered it, and goes on", async () => {
    const id = client.execute(
      "const flawed = comm.open('flawed');\nflawed.onMessage(({ data }) => { if (data.n === 1) throw new Error('not one'); flawed.send(data) })",
    );
    await client.idle(id);
    await client.executed("0");
    const comm = client.outputs(id)[0]!.content["comm_id"];
    say("comm_msg", { comm_id: comm, data: { n: 1 } });
    say("comm_msg", { comm_id: comm, data: { n: 2 } });
    await client.find(client.published, through(comm, "comm_msg"));
    const told = client.outputs(id).find(({ type }) => type === "stream");
    expect(told).toMatchObject({ parent: id, content: { name: "stderr" } });
    expect(told!.content["text"]).toMatch(/not one(.|\n)*In\[\d+\]:2:/);
  });

  test.for([
    "for (;;);",
    "void (async () => { await 0; for (;;); })()",
    // Torn off while another loop is due.
    "void (async () => { await 0; for (;;); })(); for (;;);",
    "setTimeout(() => { for (;;); }); for (;;);",
  ])("whose handler keeps the thread is ended by an interrupt, and all stays: %s", async (loop) => {
    const id = client.execute(
      `var kept = 5; var stuck = comm.open('stuck'); stuck.onMessage(({ data }) => { if (data.n === 1) { stuck.send({ begun: true }); ${loop} } stuck.send(data) })`,
    );
    await client.idle(id);
    const comm = client.outputs(id)[0]!.content["comm_id"];
    const said = say("comm_msg", { comm_id: comm, data: { n: 1 } });
    await client.find(client.published, through(comm, "comm_msg"));
    await client.heartbeat.send("beat");
    expect(String(await client.heartbeat.receive())).toBe("beat");
    await client.request("interrupt_request", {}, client.control);
    await client.idle(said);
    say("comm_msg", { comm_id: comm, data: { n: 2 } });
    await client.find(
      client.published,
      (told) => through(comm, "comm_msg")(told) && dataOf(told)["n"] === 2,
    );
    expect(text((await client.executed("kept")).outputs)).toBe("5");
  });

  test("without an id or a target is refused with a sentence", async () => {
    for (const [type, content, sentence] of [
      ["comm_msg", { data: {} }, "a comm_msg: expected its comm_id to be a text"],
      ["comm_open", { comm_id: "x", data: {} }, "a comm_open: expected its target_name to be"],
      ["comm_msg", { comm_id: "x", data: 1 }, "a comm_msg: expected its data to be an object"],
    ] as const) {
      say(type, content);
      await expect.poll(() => client.errors).toContain(`Cannot pass on ${sentence}`);
    }
  });

  test("is closed for clients when the process that runs code dies", async () => {
    const { outputs } = await client.executed("const last = comm.open('last')");
    const comm = outputs[0]!.content["comm_id"];
    expect((await client.executed("process.exit(1)")).reply).toMatchObject({
      ename: "KernelDied",
    });
    await client.find(client.published, through(comm, "comm_close"));
    expect((await client.request("comm_info_request"))["comms"]).toEqual({});
  });
});

test("an interrupt while nothing runs ends a timer that keeps the thread, and harms nothing else", async () => {
  await client.executed("var mine = 1");
  for (let round = 0; round < 5; round++) {
    await client.request("interrupt_request", {}, client.control);
    expect(text((await client.executed("mine += 1")).outputs)).toBe(String(round + 2));
  }
  const id = client.execute("setTimeout(() => { console.log('looping'); for (;;); }, 20); 0");
  await client.find(
    client.published,
    ({ parent, content }) => parent === id && content["text"] === "looping\n",
  );
  await client.request("interrupt_request", {}, client.control);
  expect(text((await client.executed("mine")).outputs)).toBe("6");
});
