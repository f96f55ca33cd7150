import { inColumns } from "../comparing/sentences.ts";
import type { InspectedNetwork } from "./inspected-network.ts";
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
  for (const [key, value] of Object.entries(found.metadata)) {
    if (value !== String(recorded)) lines.push([key, value]);
  }
  if (found.ignored.length > 0) lines.push(["not read", found.ignored.join(", ")]);
  if (found.network !== undefined) lines.push(...networkLines(found.network));
  if (found.obstacle !== undefined) lines.push(["no network", found.obstacle]);
  const lacking = found.obstacle === undefined ? [] : settingsToGive(found.adapters);
  if (lacking.length > 0) {
    lines.push(["give", lacking.map((name) => `--setting ${name}=VALUE`).join(" ")]);
  }
  const parts = [found.file, inColumns(lines, width), tensorTable(found.tensors)];
  if (found.obstacle !== undefined && found.adapters.length > 1)
    parts.push(adapterTable(found.adapters));
  return parts.join("\n\n");
}

function networkLines(network: InspectedNetwork): (readonly [string, string])[] {
  const { adapter, layers, parameters, settings, metric, metrics, fault } = network;
  const lines: (readonly [string, string])[] = [
    ["adapter", adapter],
    ["network", `${layers}, ${parameters.toLocaleString("en-GB")} parameters`],
  ];
  for (const { setting, value, from } of settings) {
    lines.push(["setting", `${setting} ${value}, from the ${from}`]);
  }
  if (fault !== undefined) return [...lines, ["of no use", fault]];
  for (const choice of metrics) {
    if (!choice.applies) continue;
    const kind = choice.exact ? "exact" : "approximate";
    const usual = choice.measure === metric ? ", the default" : "";
    lines.push(["metric", `${choice.measure}, ${kind}${usual}`]);
  }
  return lines;
}

/** What the nearest adapter needs, when it needs nothing else. */
function settingsToGive([nearest]: Inspection["adapters"]): readonly string[] {
  const { missing = [], unused = [], wrong = [], lacking = [] } = nearest ?? {};
  return missing.length + unused.length + wrong.length === 0 ? lacking : [];
}

function adapterTable(adapters: Inspection["adapters"]): string {
  const heads = ["adapter", "used", "missing", "not used", "wrong shape", "settings to give"];
  const rows = adapters.map(({ name, used, missing, unused, wrong, lacking }) => [
    name,
    ...[used, missing, unused, wrong].map(({ length }) => String(length)),
    lacking.join(", "),
  ]);
  return table([heads, ...rows], (k) => k > 0 && k < 5);
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
  // Words to the left, numbers to the right.
  return table([heads, ...rows], (k) => k >= 3);
}

function table(
  rows: readonly (readonly string[])[],
  isNumber: (column: number) => boolean,
): string {
  const widths = rows[0]!.map((_, k) => Math.max(...rows.map((row) => row[k]!.length)));
  const cell = (text: string, k: number) =>
    isNumber(k) ? text.padStart(widths[k]!) : text.padEnd(widths[k]!);
  return rows.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}

function shown(value: number | undefined): string {
  return value === undefined ? "–" : Number(value.toPrecision(4)).toString();
}
