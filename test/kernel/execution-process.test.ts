import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ExecutionNotice } from "../../src/protocol/index.ts";
import { Kernel, type Notice } from "../support/kernel.ts";
import { kernelCells } from "../support/kernel-cells.ts";

type Executed = ExecutionNotice & { type: "executed" };

let kernel: Kernel;
let count = 0;

beforeAll(() => {
  kernel = new Kernel();
});
afterAll(() => kernel.kill());

function begin(code: string): string {
  const id = `In[${++count}]`;
  kernel.send({ type: "execute", id, code });
  return id;
}

function end(id: string): Promise<Executed> {
  return kernel.find((notice: Notice | ExecutionNotice) => {
    return notice.type === "executed" && notice.id === id;
  }) as unknown as Promise<Executed>;
}

const execute = (code: string) => end(begin(code));

describe("executions in a kernel", () => {
  test("run one after the other, and what they declare stays", async () => {
    const ids = ["let a = await Promise.resolve(20)", "a += 1", "a * 2"].map(begin);
    expect((await end(ids[2]!)).bundle?.["text/plain"]).toBe("42");
    expect((await end(ids[0]!)).bundle?.["text/plain"]).toBeUndefined();
  });

  test("tell what they print under their id, and their state", async () => {
    const id = begin("console.log('here')");
    await end(id);
    const own = kernel.notices.filter((notice) => "cell" in notice && notice.cell === id);
    expect(own).toMatchObject([
      { type: "run", state: "running" },
      { type: "log", level: "log", text: "here" },
    ]);
  });

  test("fail at their own line, and the next one runs", async () => {
    const failed = await execute("1;\nnull.x");
    expect(failed.error).toMatchObject({ name: "TypeError", at: { line: 2, column: 6 } });
    expect((await execute("a")).bundle?.["text/plain"]).toBe("21");
  });

  test.for([
    "while (true) {}",
    "await new Promise(() => {})",
    "for (;;) { try { await 0; for (;;); } catch {} finally {} }",
    "/(a+)+$/.test('a'.repeat(60) + 'b')",
  ])("stop, with everything else as it was: %s", async (code) => {
    const id = begin(`let kept = ${JSON.stringify(code)}; ${code}`);
    await kernel.state(id, "running");
    kernel.stop();
    expect((await end(id)).error).toEqual({
      name: "Stopped",
      message: "The execution was stopped",
    });
    expect((await execute("[a, kept]")).bundle?.["text/plain"]).toContain("21");
  });

  test("see no names of a workbook's cells", async () => {
    kernel.cells(await kernelCells({ b: "const b = 1" }));
    expect((await kernel.result("b")).values).toEqual({ b: 1 });
    expect((await execute("typeof b")).bundle?.["text/plain"]).toBe("'undefined'");
  });
});
