import { expect, test } from "vitest";
import { kernelFlags } from "../../../kernel/process/flags.ts";

test.for([
  ["20.12.0", []],
  ["22.6.0", []],
  ["22.7.0", ["--experimental-async-context-frame"]],
  ["v22.23.3", ["--experimental-async-context-frame"]],
  ["23.0.0", ["--experimental-async-context-frame"]],
  ["v24.0.0", []],
  ["26.1.0", []],
] as const)("a kernel on Node %s has the flags that it knows", ([version, more]) => {
  expect(kernelFlags(1e9, version)).toEqual([
    "--no-force-async-hooks-checks",
    ...more,
    // (1.25·10⁹ + 256·10⁶) / 2²⁰ = 1,436.2
    "--max-old-space-size=1437",
  ]);
});
