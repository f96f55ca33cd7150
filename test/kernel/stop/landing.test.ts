import { expect, test } from "vitest";
import { whatRuns } from "../../../kernel/stop/landing.ts";

const cell = "/books/cell:a#1";

test.for<[ReturnType<typeof whatRuns>, readonly string[]]>([
  ["foreign", [cell]],
  ["foreign", [cell, "node:internal/process/task_queues", "node:internal/timers"]],
  ["foreign", ["file:///library.js", "node:fs", cell]],
  // Where a file is not known, it is code of a person's: eval, new Function.
  ["foreign", [""]],
  ["called", ["node:fs", cell]],
  ["called", ["node:internal/util/inspect", "node:internal/timers", cell]],
  ["own", ["node:internal/timers"]],
  ["own", ["node:internal/timers", "node:timers", cell]],
  ["own", ["node:internal/priority_queue", "node:internal/timers", cell]],
  ["own", ["node:internal/process/task_queues", "node:internal/timers"]],
  ["own", ["node:internal/process/task_queues", cell]],
  ["own", ["node:internal/async_hooks", "node:internal/timers"]],
  ["own", ["node:internal/async_hooks", "node:internal/timers", "/books/cell:a#1"]],
  ["called", ["node:async_hooks", "node:internal/async_hooks", "/books/cell:a#1"]],
  ["own", ["node:net", "node:internal/stream_base_commons"]],
])("%s: %j", ([what, files]) => {
  expect(whatRuns(files)).toBe(what);
});
