import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives the whole run one folder for its temporary files, and removes it with all that is left in it. */
export function setup(): () => void {
  const scratch = mkdtempSync(join(tmpdir(), "simile-tests-"));
  for (const name of ["TMPDIR", "TMP", "TEMP"]) process.env[name] = scratch;
  // Nor do long logs go where a person's are.
  process.env["SIMILE_LOGS"] = join(scratch, "logs");
  return () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
}
