import { matrixRow } from "./matrix-row.ts";
import type { Row } from "./row.ts";

export const svhn: Row = matrixRow("svhn", "45 checkpoints, 1024 → bilinear 64 → 10", {
  count: 45,
  hidden: 64,
  wire: 1024,
  outputs: 10,
});
