import { matrixRow } from "./matrix-row.ts";
import type { Row } from "./row.ts";

export const modadd: Row = matrixRow(
  "modadd",
  "90 checkpoints of modular addition, 226 → bilinear 64 → 113",
  { count: 90, hidden: 64, wire: 226, outputs: 113 },
);
