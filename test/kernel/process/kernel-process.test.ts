import { existsSync, mkdtempSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { kernelFlags } from "../../../kernel/process/flags.ts";
import type { LastWords } from "../../../kernel/process/last-words.ts";
import { memoryCap } from "../../../kernel/process/memory-cap.ts";
import { deathReason, KernelProcess } from "../../../kernel/process/process.ts";
import { decode, encode, type KernelRequest } from "../../../src/protocol/index.ts";

const fake = join(import.meta.dirname, "..", "..", "support", "fake-kernel.mjs");
const folder = realpathSync(mkdtempSync(join(tmpdir(), "simile-kernel-")));

interface Heard {
  readonly kernel: KernelProcess;
  readonly frames: Record<string, unknown>[];
  readonly output: string[];
  readonly ended: Promise<string>;
  next(type: string): Promise<Record<string, unknown>>;
}

function start(script = fake): Heard {
  const frames: Record<string, unknown>[] = [];
  const output: string[] = [];
  const waits: (() => void)[] = [];
  let end: (reason: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  const kernel = new KernelProcess(script, folder, {
    frame: (frame) => {
      frames.push(decode(frame) as Record<string, unknown>);
      for (const wait of waits) wait();
    },
    output: (stream, text) => output.push(`${stream}: ${text}`),
    ended: (reason) => end(reason),
  });
  onTestFinished(() => kernel.kill());
  const next = (type: string) =>
    new Promise<Record<string, unknown>>((resolve) => {
      const look = () => {
        const found = frames.find((frame) => frame["type"] === type);
        if (found) resolve(found);
      };
      waits.push(look);
      look();
    });
  return { kernel, frames, output, ended, next };
}

function request(cell: string, inputs: Record<string, unknown> = {}): Uint8Array {
  const cells = [{ id: cell }];
  return encode({ type: "request", client: "c", seq: 1, inputs, cells } satisfies KernelRequest);
}

test("frames go to the kernel and come back, in order", async () => {
  const { kernel, frames, next } = start();
  kernel.send(request("echo", { a: 1 }));
  await next("result");
  expect(frames.map((frame) => frame["type"])).toEqual(["ready", "result"]);
  expect(frames[1]?.["values"]).toEqual({ a: 1 });
});

test("the kernel runs in the workbook's folder, without our environment, with the flags it needs", async () => {
  process.env["SIMILE_TEST_SECRET"] = "s";
  onTestFinished(() => {
    delete process.env["SIMILE_TEST_SECRET"];
  });
  const { kernel, next } = start();
  kernel.send(request("environment"));
  const { directory, flags, names } = (await next("result"))["values"] as Record<string, unknown>;
  expect(directory).toBe(folder);
  expect(flags).toEqual(kernelFlags(memoryCap()));
  expect(names).toContain("PATH");
  expect(names).not.toContain("SIMILE_TEST_SECRET");
});

test("what the process writes itself is told with its stream", async () => {
  const { kernel, output, ended } = start();
  kernel.send(request("print"));
  kernel.send(request("exit"));
  await ended;
  expect(output.sort()).toEqual(["stderr: a line of stderr", "stdout: a line of stdout"]);
});

test("an end is told once, with its reason", async () => {
  const { kernel, ended } = start();
  kernel.send(request("exit"));
  expect(await ended).toBe("The kernel ended by itself with exit code 3");
});

test("running out of memory is named, without what the engine dumps for its makers", async () => {
  const { kernel, ended, output } = start();
  kernel.send(request("memory"));
  expect(await ended).toBe("The kernel ran out of memory");
  expect(output.map((text) => text.trim())).toEqual(["stderr: almost full"]);
});

test("a kernel that lies about a length is ended, and the lie is named", async () => {
  const { kernel, ended } = start();
  kernel.send(request("garbage"));
  expect(await ended).toBe(
    "The kernel broke its protocol: Cannot read a frame: expected at most 1073741824 bytes, found 4294967295",
  );
});

test("killing it ends what it started too", async () => {
  const script = join(folder, "parent.mjs");
  const sign = join(folder, "sign-of-life");
  const child = `setInterval(() => require("node:fs").appendFileSync(${JSON.stringify(sign)}, "."), 10)`;
  writeFileSync(
    script,
    `import { spawn } from "node:child_process";
     spawn(process.execPath, ["-e", ${JSON.stringify(child)}], {stdio: "inherit"});
     setInterval(() => {}, 1000);`,
  );
  const { kernel, ended } = start(script);
  await expect.poll(() => existsSync(sign)).toBe(true);
  await kernel.kill();
  expect(await ended).toMatch("killed (SIGKILL)");
  const { size } = statSync(sign);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(statSync(sign).size).toBe(size);
});

test("a kernel that reads nothing is sent no more than there is room for", async () => {
  const script = join(folder, "busy.mjs");
  writeFileSync(script, "for (;;);");
  const { kernel } = start(script);
  const frame = new Uint8Array(30 * 1024 * 1024);
  const sent = [1, 2, 3, 4, 5].map(() => kernel.send(frame));
  expect(sent).toEqual([true, true, true, false, false]);
});

test("a script that does not exist is an end like any other", async () => {
  const { ended } = start(join(folder, "absent.mjs"));
  expect(await ended).toBe("The kernel ended by itself with exit code 1");
});

test.for<[number | null, NodeJS.Signals | null, string, string]>([
  [0, null, "", "The kernel ended by itself with exit code 0"],
  [null, "SIGSEGV", "", "The kernel crashed in native code (SIGSEGV)"],
  [null, "SIGTERM", "", "The kernel was ended by SIGTERM"],
  [
    null,
    "SIGKILL",
    "",
    "The kernel was killed (SIGKILL): by someone, or by a system short of memory",
  ],
  [134, null, "… JavaScript heap out of memory", "The kernel ran out of memory"],
])("code %s, signal %s, %j", ([code, signal, errors, reason]) => {
  expect(deathReason(code, signal, errors)).toBe(reason);
});

test.for<[number | null, NodeJS.Signals | null, LastWords, string]>([
  [7, null, { reason: "process.exit(7) was called", held: "a 1 GB" }, "process.exit(7) was called"],
  [
    null,
    "SIGKILL",
    { reason: "It ran out of memory: …", held: "a 1 GB" },
    "It ran out of memory: …. Its largest variables were a 1 GB",
  ],
  [
    null,
    "SIGKILL",
    { held: "a 1 GB" },
    "The kernel was killed (SIGKILL): by someone, or by a system short of memory. Its largest variables were a 1 GB",
  ],
])("code %s, signal %s, last words %o", ([code, signal, words, reason]) => {
  expect(deathReason(code, signal, "", words)).toBe(reason);
});
