import { inColumns } from "../comparing/sentences.ts";
import type { Inspection } from "./inspection.ts";
import type { TensorSummary } from "./tensor-summary.ts";

/** An inspection as a person reads it. */
export function inspectionText(found: Inspection, width: number): string {
  const { named, recorded } = found.step;
  const lines: (readonly [string, string])[] = [
    ["format", `${found.format}, ${found.bytes.toLocaleString("en-GB")} bytes`],
    ["contents", `sha256 ${found.contentHash}`],
  ];
  if (named !== undefined) lines.push(["step", `${named} by its name`]);
  if (recorded !== undefined) lines.push(["step", `${recorded} by its contents`]);
  for (const [key, value] of Object.entries(found.metadata)) lines.push([key, value]);
  if (found.ignored.length > 0) lines.push(["not read", found.ignored.join(", ")]);
  const { network } = found;
  if (network !== undefined) {
    lines.push(["adapter", network.adapter]);
    const count = network.parameters.toLocaleString("en-GB");
    lines.push(["network", `${network.layers}, ${count} parameters`]);
  } else {
    for (const one of found.adapters) lines.push([`not ${one.name}`, misfit(one)]);
  }
  return `${found.file}\n\n${inColumns(lines, width)}\n\n${tensorTable(found.tensors)}`;
}

function misfit({ missing, unused, wrong }: Inspection["adapters"][number]): string {
  const parts = [
    missing.length > 0 && `missing ${listed(missing)}`,
    unused.length > 0 && `not used ${listed(unused)}`,
    wrong.length > 0 && `wrong shape ${listed(wrong)}`,
  ].filter((part) => part !== false);
  return parts.join("; ") || "it describes no layer that is there";
}

function listed(names: readonly string[]): string {
  return names.length > 6
    ? `${names.slice(0, 6).join(", ")} and ${names.length - 6} more`
    : names.join(", ");
}

function tensorTable(tensors: readonly TensorSummary[]): string {
  const heads = ["tensor", "type", "shape", "bytes", "min", "mean", "max", "NaN", "infinite"];
  const rows = tensors.map((one) => [
    one.name,
    one.type,
    `[${one.shape.join(", ")}]`,
    one.bytes.toLocaleString("en-GB"),
    shown(one.min),
    shown(one.mean),
    shown(one.max),
    String(one.nan),
    String(one.infinite),
  ]);
  const widths = heads.map((head, k) =>
    Math.max(head.length, ...rows.map((row) => row[k]!.length)),
  );
  return [heads, ...rows]
    .map((row) =>
      row
        // Words to the left, numbers to the right.
        .map((text, k) => (k < 3 ? text.padEnd(widths[k]!) : text.padStart(widths[k]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function shown(value: number | undefined): string {
  return value === undefined ? "–" : Number(value.toPrecision(4)).toString();
}
