import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Checkpoints of other authors, beside the repository: not ours to ship. */
export const fixtures: string = join(
  dirname(fileURLToPath(import.meta.url)),
  "..",
  "..",
  "..",
  "shared",
  "fixtures",
);

/** True where the fixtures are; says once that tests are skipped where they are not. */
export const fixturesPresent: boolean = existsSync(join(fixtures, "mlp-seeds"));

if (!fixturesPresent) console.warn("skipped: fixtures not present");
