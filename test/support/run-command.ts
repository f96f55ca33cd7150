import { vi } from "vitest";
import { runCommandLine } from "../../server/command-line.ts";
import type { Outcome } from "./command-line.ts";

/**
 * Runs `simile ARGS` in this process, which takes less time than one of its own. A test neither fills nor
 * is helped by what this person has computed, unless its environment says where.
 */
export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = { SIMILE_CACHE: "" },
): Promise<Outcome> {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
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
    vi.unstubAllEnvs();
  }
}
