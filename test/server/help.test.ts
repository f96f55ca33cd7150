import { expect, test } from "vitest";
import { runCommand } from "../support/run-command.ts";

const commands = [
  "serve",
  "similarity",
  "matrix",
  "audit",
  "check",
  "inspect",
  "kernel",
  "convert",
  "run",
  "publish",
  "train",
];
const computing = commands.filter((name) => name !== "serve" && name !== "publish");

test("simile --help lists every command", async () => {
  const { output } = await runCommand(["--help"]);
  const listed = [...output.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map(([, name]) => name);
  expect(listed).toEqual(commands);
});

test.for(commands)("simile %s --help begins with its synopsis and fits a page", async (name) => {
  const { status, output, errors } = await runCommand([name, "--help"]);
  expect({ status, errors }).toEqual({ status: 0, errors: "" });
  expect(output).toMatch(new RegExp(`^Usage: simile ${name} `));
  for (const line of output.split("\n")) expect(line.length).toBeLessThanOrEqual(112);
});

test.for(computing)(
  "simile %s --help names every flag, with examples and exit status",
  async (name) => {
    const { output } = await runCommand([name, "--help"]);
    expect(output).toMatch(/^Examples:\n {2}simile /m);
    expect(output).toMatch(/^Exit status: 0 .*\b1 .*\b2 the command\s+line makes no sense/ms);
    const { errors } = await runCommand([name, "--no-such-flag"]);
    const flags = /expected one of (.*?)(?:;|$)/m.exec(errors)![1]!.split(", ");
    expect(flags).toContain("--json");
    for (const flag of flags) expect(output).toMatch(new RegExp(`^ {2}(-\\w, )?${flag}\\b`, "m"));
    for (const [, flag] of output.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm))
      expect(flags).toContain(flag);
  },
);

test.for(computing)("every example of simile %s has only flags that there are", async (name) => {
  const { output } = await runCommand([name, "--help"]);
  const examples = output.slice(output.indexOf("Examples:"), output.indexOf("Exit status:"));
  for (const [flag] of examples.matchAll(/--[a-z-]+/g)) {
    expect(output.slice(0, output.indexOf("Examples:"))).toMatch(
      new RegExp(`^ {2}(-\\w, )?${flag}\\b`, "m"),
    );
  }
});
