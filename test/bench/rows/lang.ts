import { matrixRow } from "./matrix-row.ts";
import type { Row } from "./row.ts";

export const lang: Row = matrixRow(
  "lang",
  "32 checkpoints, 4096 → linear 256 → bilinear 512 → linear 4096",
  { count: 32, hidden: 512, wire: 256, outputs: 4096, stack: { inputs: 4096, layers: 1 } },
);
