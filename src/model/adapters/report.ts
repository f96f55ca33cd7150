import type { Adapter } from "./adapter.ts";
import { adapters } from "./builtin.ts";
import { type Fit, fitAdapter } from "./fit.ts";
import type { WeightShapes } from "./scope.ts";
import { exampleOf, explained, type Settings } from "./settings.ts";

/** How weights are to be read. */
export interface Reading {
  /** The adapter, or several to choose from. Default: those that come with Simile. */
  readonly adapter?: Adapter | readonly Adapter[] | undefined;
  /** What the tensors do not hold; goes before what an adapter or the checkpoint says. */
  readonly settings?: Settings | undefined;
}

/** How weights go with each of several adapters: plain data. */
export interface FitReport {
  /** File or label of the weights. */
  readonly source: string;
  /** How many tensors there are. */
  readonly tensors: number;
  /** The fits that fit, in the order of the adapters. More than one may read the same network. */
  readonly fits: readonly Fit[];
  /** The first that fits, else the one that knows most of the names; undefined without adapters. */
  readonly nearest: Fit | undefined;
  /** Every adapter's fit, the nearest first. */
  readonly tried: readonly Fit[];
}

/** Tries adapters on names, shapes and settings; reads no numbers and throws nothing. */
export function fitReport(weights: WeightShapes, { adapter, settings }: Reading = {}): FitReport {
  const candidates = [adapter ?? adapters].flat();
  const tried = candidates
    .map((candidate) => fitAdapter(weights, candidate, settings))
    .sort(byNearness);
  return {
    source: weights.source,
    tensors: weights.names.length,
    fits: candidates.flatMap((candidate) =>
      tried.filter((fit) => fit.fits && fit.adapter === candidate),
    ),
    nearest: tried[0],
    tried,
  };
}

/** What fits is nearest, then what knows more of the names, then what has less to complain of. */
function byNearness(a: Fit, b: Fit): number {
  const complaints = (fit: Fit): number =>
    fit.missing.length + fit.unused.length + fit.wrong.length;
  return (
    Number(b.fits) - Number(a.fits) ||
    b.used.length - a.used.length ||
    complaints(a) - complaints(b)
  );
}

/** Why a fit does not fit, as phrases joined by "; "; `"fits"` where it does. */
export function describeFit(fit: Fit): string {
  if (fit.fits) return "fits";
  const parts: string[] = [];
  if (fit.missing.length > 0) parts.push(`missing ${listed(fit.missing)}`);
  if (fit.unused.length > 0) parts.push(`not used ${listed(fit.unused)}`);
  const wrong = fit.wrong.map((one) => `${one.name} expected ${one.expected}, found ${one.found}`);
  if (wrong.length > 0) parts.push(`wrong shape ${listed(wrong)}`);
  parts.push(...fit.refused);
  if (isOpen(fit)) {
    const names = fit.lacking.map(explained).join(", ");
    parts.push(`needs settings, which tensors do not hold: ${names}`);
    parts.push(`give them, e.g. ${exampleOf(fit.lacking)}`);
  }
  return parts.length > 0 ? parts.join("; ") : "it describes no layer that is there";
}

/** A line for each adapter that was tried: how many tensors it uses and misses, and so on. */
export function fitTable({ tried }: Pick<FitReport, "tried">): string {
  const rows = [
    ["adapter", "fits", "used", "missing", "not used", "wrong shape", "settings to give"],
    ...tried.map((fit) => [
      fit.adapter.name,
      fit.fits ? "yes" : "no",
      ...[fit.used, fit.missing, fit.unused, fit.wrong].map(({ length }) => String(length)),
      // Of what has other faults they would be noise.
      isOpen(fit) ? fit.lacking.join(", ") : "",
    ]),
  ];
  const widths = rows[0]!.map((_, k) => Math.max(...rows.map((row) => row[k]!.length)));
  return rows
    .map((row) => `  ${row.map((text, k) => text.padEnd(widths[k]!)).join("  ")}`.trimEnd())
    .join("\n");
}

/** True when nothing but settings is missing. */
export function isOpen({ missing, unused, wrong, lacking }: Fit): boolean {
  return lacking.length > 0 && [missing, unused, wrong].every((list) => list.length === 0);
}

function listed(names: readonly string[]): string {
  return names.length > 8
    ? `${names.slice(0, 8).join(", ")} and ${names.length - 8} more`
    : names.join(", ");
}
