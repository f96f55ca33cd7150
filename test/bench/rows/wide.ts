import { matrixRow } from "./matrix-row.ts";
import type { Row } from "./row.ts";

export const wide: Row = matrixRow("wide", "200 checkpoints, 784 → bilinear 512 → 10", {
  count: 200,
  hidden: 512,
  wire: 784,
  outputs: 10,
});
