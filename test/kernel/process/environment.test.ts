import { join } from "node:path";
import { expect, test } from "vitest";
import { kernelEnvironment } from "../../../kernel/process/environment.ts";

test("a kernel sees what a program needs, and no secret whatever its name", () => {
  const own = {
    PATH: "/bin",
    HOME: "/home/a",
    LC_ALL: "C",
    Path: "C:\\bin",
    GITHUB_TOKEN: "s",
    AWS_SECRET_ACCESS_KEY: "s",
    DATABASE_URL: "postgres://u:p@h",
    NODE_OPTIONS: "--require /tmp/x.js",
    npm_config__auth: "s",
    SIMILE_STATE: "/state",
  };
  expect(kernelEnvironment(own)).toEqual({
    PATH: "/bin",
    HOME: "/home/a",
    LC_ALL: "C",
    Path: "C:\\bin",
    SIMILE_CACHE: join("/state", "similarities"),
    SIMILE_LOGS: join("/state", "logs"),
  });
});

test("SIMILE_PASS names what a workbook needs besides", () => {
  const named = { DATA_DIR: "/data", HF_HOME: "/hf", SIMILE_CACHE: "/cache", SIMILE_LOGS: "/logs" };
  const own = { ...named, SIMILE_PASS: "DATA_DIR, HF_HOME", OTHER: "x" };
  expect(kernelEnvironment(own)).toEqual(named);
});

test("SIMILE_CACHE set to nothing remembers no similarities", () => {
  expect(kernelEnvironment({ SIMILE_CACHE: "", SIMILE_LOGS: "/l" })).toEqual({
    SIMILE_CACHE: "",
    SIMILE_LOGS: "/l",
  });
});
