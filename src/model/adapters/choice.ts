import type { Adapter } from "./adapter.ts";
import { AdapterError } from "./adapter-error.ts";
import type { Fit } from "./fit.ts";
import { describeFit, type FitReport, fitReport, fitTable, isOpen } from "./report.ts";
import type { WeightShapes } from "./scope.ts";
import { checkSettings, type Settings } from "./settings.ts";

/**
 * The fit by which `networkFrom` reads these weights; reads no numbers.
 *
 * @throws {AdapterError} as `networkFrom`
 */
export function chosenFit(
  weights: WeightShapes,
  adapter?: Adapter | readonly Adapter[],
  settings: Settings = {},
): Fit {
  checkSettings(settings);
  const report = fitReport(weights, { adapter, settings });
  const obstacle = obstacleOf(report);
  if (obstacle === undefined) return report.fits[0]!;
  const open = report.nearest !== undefined && isOpen(report.nearest);
  const several = report.tried.length > 1 && report.tensors > 0 && !open;
  throw new AdapterError(several ? `${obstacle}\n${fitTable(report)}` : obstacle);
}

/**
 * Why a report leaves no choice of a network, in a sentence; undefined when it leaves one, because one
 * adapter fits, or those that fit read the same.
 */
export function obstacleOf(report: FitReport): string | undefined {
  const { source, tensors, fits, nearest, tried } = report;
  const failed = (why: string): string => `Cannot make a network of ${source}: ${why}`;
  if (fits.length > 0) {
    const readings = new Set(
      fits.map(({ layers, nContext }) => JSON.stringify([layers, nContext])),
    );
    if (readings.size === 1) return undefined;
    const names = fits.map(({ adapter }) => `"${adapter.name}"`).join(" and ");
    return failed(`${names} fit, and read different networks; choose one of them as the adapter`);
  }
  if (tensors === 0) return failed("expected tensors, found none");
  if (nearest === undefined) return failed("expected an adapter, found none to try");
  const { name } = nearest.adapter;
  const why = describeFit(nearest);
  if (isOpen(nearest)) return failed(`adapter "${name}" has its tensors and ${why}`);
  return failed(
    tried.length > 1
      ? `no adapter fits; the nearest is "${name}": ${why}`
      : `adapter "${name}" does not fit: ${why}`,
  );
}
