import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Execution } from "../../../kernel/jupyter/execution.ts";
import { Interpreter } from "../../../kernel/jupyter/interpreter.ts";
import type { Publisher } from "../../../kernel/jupyter/publisher.ts";
import type { StripTypes } from "../../../src/workbook/index.ts";

/** What the process that runs code was told to do. */
const asked: string[] = [];

vi.mock(import("../../../kernel/jupyter/executor.ts"), async (original) => ({
  ...(await original()),
  Executor: class {
    start() {}
    send({ type }: { type: string }) {
      asked.push(type);
    }
    stop() {
      asked.push("stop");
    }
    async kill() {
      asked.push("kill");
    }
  } as never,
}));

beforeEach(() => {
  asked.length = 0;
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

/** An interpreter, and what its clients were told. */
function listened() {
  const told: unknown[] = [];
  const strip: StripTypes = (code) => {
    if (code.includes("wrong")) return { code, error: { message: "no", line: 1, column: 1 } };
    return { code };
  };
  const publisher = {
    publish: (type: string, content: object) => void told.push([type, content]),
  } as unknown as Publisher;
  const interpreter = new Interpreter(publisher, import.meta.dirname, strip, () => undefined);
  const execution = (id: string, code: string): Execution =>
    ({
      id,
      code,
      count: 1,
      silent: false,
      payload: [],
      request: { message: { header: {} } },
    }) as never;
  return { interpreter, told, execution };
}

test.for(["1 + 1", "let wrong: = 1"])(
  "an interrupt before there is something to stop is over with it: %s",
  async (code) => {
    const { interpreter, told, execution } = listened();
    const run = interpreter.run(execution("a", code));
    interpreter.interrupt();
    expect((await run).error?.name).toMatch(/^(KeyboardInterrupt|SyntaxError)$/);
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([]);
    interpreter.begin();
    void interpreter.run(execution("b", "2"));
    await vi.waitFor(() => expect(asked).toContain("execute"));
    interpreter.interrupt();
    expect(asked).not.toContain("kill");
  },
);

test("one that is not heard is told of, and the next ends the process", async () => {
  const { interpreter, told, execution } = listened();
  void interpreter.run(execution("a", "for (;;);"));
  await vi.waitFor(() => expect(asked).toContain("execute"));
  interpreter.interrupt();
  vi.advanceTimersByTime(2_999);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(2);
  expect(told).toEqual([
    ["stream", { name: "stderr", text: expect.stringMatching(/all variables are lost then/) }],
  ]);
  interpreter.interrupt();
  expect(asked).toContain("kill");
});
