import { vi } from "vitest";
import { runCommandLine } from "../../server/command-line.ts";
import type { Outcome } from "./command-line.ts";

/** Runs `simile ARGS` in this process, which takes less time than one of its own. */
export async function runCommand(args: readonly string[]): Promise<Outcome> {
  let output = "";
  let errors = "";
  const out = vi.spyOn(console, "log").mockImplementation((text) => {
    output += `${text}\n`;
  });
  const error = vi.spyOn(console, "error").mockImplementation((text) => {
    errors += `${text}\n`;
  });
  try {
    return { status: await runCommandLine(args), output, errors };
  } finally {
    out.mockRestore();
    error.mockRestore();
  }
}
