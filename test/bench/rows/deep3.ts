import { matrixRow } from "./matrix-row.ts";
import type { Row } from "./row.ts";

export const deep3: Row = matrixRow(
  "deep3",
  "100 checkpoints, 784 → linear 128 → three bilinear 256 → linear 10",
  { count: 100, hidden: 256, wire: 128, outputs: 10, stack: { inputs: 784, layers: 3 } },
);
