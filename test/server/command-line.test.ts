import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { UsageError } from "../../server/command.ts";
import { type CommandTable, runCommandLine } from "../../server/command-line.ts";

const given: (readonly string[])[] = [];
const table: CommandTable = {
  serve: async () => ({
    summary: "serve it",
    usage: "Usage: serve",
    run: async (args) => {
      given.push(args);
      if (args[0] === "usage") throw new UsageError("Unknown flag --x");
      if (args[0] === "known") throw new Error("Cannot serve: no folder");
      if (args[0] === "bug") throw new TypeError("x is not a function");
      return Number(args[0] ?? 0);
    },
  }),
  lazy: () => {
    throw new Error("loaded");
  },
};

const out = vi.spyOn(console, "log");
const error = vi.spyOn(console, "error");
beforeEach(() => {
  out.mockReset();
  error.mockReset();
  given.length = 0;
});
afterEach(() => void vi.clearAllMocks());

test("a command gets what follows its name, and gives the exit status", async () => {
  expect(await runCommandLine(["serve", "7", "--port", "1"], table)).toBe(7);
  expect(given).toEqual([["7", "--port", "1"]]);
});

test.for(["--help", "-h"])("%s after a command prints its usage and runs nothing", async (flag) => {
  expect(await runCommandLine(["serve", flag], table)).toBe(0);
  expect(out).toHaveBeenCalledWith("Usage: serve");
  expect(given).toEqual([]);
});

test("an unknown command or flag is named, with what there is", async () => {
  expect(await runCommandLine(["sevre"], table)).toBe(2);
  expect(error).toHaveBeenLastCalledWith(
    "Unknown command sevre: expected one of serve, lazy, --help, --version; did you mean serve?",
  );
  expect(await runCommandLine(["--port"], table)).toBe(2);
  expect(error).toHaveBeenLastCalledWith(
    "Unknown flag --port: expected one of serve, lazy, --help, --version",
  );
  expect(await runCommandLine(["toString"], table)).toBe(2);
});

test("a command line that makes no sense prints the usage and ends with 2", async () => {
  expect(await runCommandLine(["serve", "usage"], table)).toBe(2);
  expect(error).toHaveBeenCalledWith("Unknown flag --x\n\nUsage: serve");
});

test("a failure is a sentence and ends with 1; a fault of ours keeps its stack", async () => {
  expect(await runCommandLine(["serve", "known"], table)).toBe(1);
  expect(error).toHaveBeenLastCalledWith("Cannot serve: no folder");
  expect(await runCommandLine(["serve", "bug"], table)).toBe(1);
  expect(error).toHaveBeenLastCalledWith(expect.any(TypeError));
});

test("--version", async () => {
  expect(await runCommandLine(["--version"])).toBe(0);
  expect(out.mock.calls[0]?.[0]).toMatch(/^\d+\.\d+\.\d+$/);
});

test("help lists every command with its summary", async () => {
  expect(await runCommandLine(["--help"])).toBe(0);
  const text = String(out.mock.calls[0]?.[0]);
  expect(text).toMatch(/^ {2}serve +serve the workbooks/m);
  expect(text).toMatch(/^ {2}train +train a small network/m);
  expect(await runCommandLine([])).toBe(2);
});
