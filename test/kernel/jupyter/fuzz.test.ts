import { mkdtempSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Dealer, XSubscriber } from "zeromq";
import { JupyterClient } from "../../support/jupyter-client.ts";
import { hugeNonsense, nonsense, sequence } from "../../support/jupyter-nonsense.ts";

/** Messages on each channel. */
const rounds = Number(process.env["FUZZ_ROUNDS"] ?? 300);
/** One in so many is huge. */
const rarity = 250;
/** Sentences that are told at most: of each way to be no message a few, each once. */
const mostTold = 40;

let client: JupyterClient;
const makers = Object.entries(nonsense);

beforeAll(async () => {
  client = await JupyterClient.start(mkdtempSync(join(tmpdir(), "fuzz-")));
  await client.executed("var kept = 1");
});
afterAll(() => client.kill());

/** What a good client sees: the values it had, and nothing that was not signed. */
async function isWell(): Promise<void> {
  await client.heartbeat.send("beat");
  expect(String(await client.heartbeat.receive())).toBe("beat");
  const { outputs } = await client.executed("[kept, typeof hit]");
  expect(outputs).toMatchObject([{ content: { data: { "text/plain": "[ 1, 'undefined' ]" } } }]);
  expect(client.process.exitCode).toBe(null);
}

/** How often each sentence was told. */
function sentences(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of client.errors.split("\n").filter((text) => text !== "")) {
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return counts;
}

test.for(["shell", "control", "stdin"] as const)(
  `nonsense on %s (${rounds} messages) is refused, each sentence told once, and a good client is answered`,
  async (channel) => {
    const next = sequence(20_261_122);
    const visitor = new Dealer({ linger: 0, sendHighWaterMark: 0 });
    visitor.connect(client.address(channel));
    const seen = new Set<string>();
    const before: Buffer[][] = [];
    for (let round = 0; round < rounds; round++) {
      const [what, make] = makers[Math.floor(next() * makers.length)]!;
      seen.add(what);
      const isHuge = round % rarity === rarity - 1;
      const frames = isHuge ? hugeNonsense(client.key, next) : make(client.key, next);
      // Now and then what was sent before is sent again.
      await visitor.send(before.length > 0 && next() < 0.05 ? before[0]! : frames);
      if (before.length === 0 && what.endsWith("signed")) before.push(frames);
      // What comes back is nobody's concern; a visitor that does not read must not hold anything up.
    }
    expect(seen.size).toBe(makers.length);
    // Sent after all the rest on the same connection, and answered: all the rest has been taken.
    await visitor.send(client.frames(channel === "stdin" ? "last_words" : "last_request", {}));
    await expect
      .poll(() => client.errors, { timeout: 60_000 })
      .toContain(channel === "stdin" ? '"last_words"' : '"last_request"');
    await isWell();
    visitor.close();
    const told = sentences();
    expect(Math.max(...told.values()), JSON.stringify([...told])).toBe(1);
    expect([...told.keys()]).toEqual(
      expect.arrayContaining(
        [
          "it has no delimiter",
          "its signature is wrong",
          "a part is no JSON",
          "a part is no object",
          "it came before",
          "its header is nested too deep",
          "expected a header of at most 65536 bytes",
          "expected its msg_id to be a text",
        ].map((sentence) => `Cannot read a message: ${sentence}`),
      ),
    );
    expect(told.size).toBeLessThan(mostTold);
  },
);

test("nonsense on iopub and heartbeat changes nothing", async () => {
  const next = sequence(7);
  const listener = new XSubscriber({ linger: 0, sendHighWaterMark: 0 });
  listener.connect(client.address("iopub"));
  const beater = new Dealer({ linger: 0, sendHighWaterMark: 0, receiveHighWaterMark: 0 });
  beater.connect(client.address("hb"));
  for (let round = 0; round < rounds; round++) {
    const [, make] = makers[Math.floor(next() * makers.length)]!;
    await listener.send(Buffer.from("\u0001<IDS|MSG>"));
    for (const frame of make(client.key, next)) {
      await listener.send(next() < 0.5 ? Buffer.concat([Buffer.of(1), frame]) : frame);
    }
    await beater.send(make(client.key, next));
  }
  await isWell();
  listener.close();
  beater.close();
  await isWell();
  expect(Math.max(...sentences().values())).toBe(1);
});

test("bytes that are no ZeroMQ end their connection only", async () => {
  const next = sequence(11);
  for (const channel of ["shell", "control", "stdin", "iopub", "hb"] as const) {
    for (let round = 0; round < 5; round++) {
      const { port } = new URL(client.address(channel));
      const socket = connect(Number(port), "127.0.0.1");
      socket.on("error", () => {});
      await new Promise((resolve) => socket.once("connect", resolve));
      socket.write(Buffer.from(Array.from({ length: 200 }, () => Math.floor(next() * 256))));
      socket.destroy();
    }
  }
  await isWell();
});
