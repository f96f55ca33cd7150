import { dirname } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { KernelProcess } from "../../../kernel/process/process.ts";
import { decode, encode, type KernelCommand } from "../../../src/protocol/index.ts";
import { kernelScript } from "../../support/kernel.ts";

/** Executes code in a kernel of its own, that ends by it. */
function end(code: string): Promise<{ reason: string; cell: string | undefined }> {
  return new Promise((resolve) => {
    const kernel = new KernelProcess(kernelScript, dirname(kernelScript), {
      frame: (frame) => decode(frame),
      output: () => {},
      ended: (reason, cell) => resolve({ reason, cell }),
    });
    onTestFinished(() => kernel.kill());
    kernel.send(encode({ type: "execute", id: "In[1]", code } satisfies KernelCommand));
  });
}

test.for<[string, string, string | undefined]>([
  ["1;\nprocess.exit(7)", "process.exit(7) was called in line 2", "In[1]"],
  ["setTimeout(() => process.exit(), 5)", "process.exit(0) was called in line 1", "In[1]"],
  ["process.abort()", "The kernel crashed in native code (SIGABRT)", undefined],
  [
    "process.kill(process.pid, 'SIGSEGV')",
    "The kernel crashed in native code (SIGSEGV)",
    undefined,
  ],
])("%j ends the kernel, and the reason is named", async ([code, reason, cell]) => {
  expect(await end(code)).toEqual({ reason, cell });
});

test("one native call that fills the memory ends the kernel; what it held is named", async () => {
  process.env["SIMILE_MEMORY"] = "300MB";
  onTestFinished(() => {
    delete process.env["SIMILE_MEMORY"];
  });
  const { reason } = await end(
    "var weights = new Float64Array(1e7).fill(1); await new Promise((done) => setTimeout(done, 2500)); var more = new Float64Array(2e8).fill(1)",
  );
  expect(reason).toMatch(
    /^It ran out of memory: expected at most 300 MB, found \d+ MB\. Its largest variables were weights 80 MB$/,
  );
});
