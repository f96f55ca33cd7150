import {
  type AxisOptions,
  type ColourScale,
  colourScale,
  entryName,
  frameOf,
  type MatrixSize,
  type MatrixValues,
  namesOf,
  pixelsOf,
  type ScaleOptions,
  sizeOfMatrix,
  ticksOf,
  valueText,
} from "../../src/charts/index.ts";
import { pngAddress, pngOf } from "./png.ts";
import { escaped, inkAndPaper, linkSpace, svgSpace } from "./svg-text.ts";
import { Rich } from "./tags.ts";

/** How a heatmap is drawn: as in the page, but for what takes a hand to read. */
export interface HeatmapOptions extends ScaleOptions, AxisOptions {
  /** What an entry is, for the legend. */
  readonly label?: string;
  readonly title?: string;
  /** Width in pixels at most; by default 560. */
  readonly width?: number;
}

/** Entries on a side beyond which not every one has a pixel. */
const mostPixels = 1_000;
const usualWidth = 560;
/** Pixels a letter of the legend is taken to be wide. */
const letter = 6.8;

/**
 * A matrix as a picture: an SVG around one raster, however many entries there are; beyond 1000 on a side
 * the nearest entry stands for its neighbours. What is not a finite number is hatched. Colours are those
 * of light paper, and darker is more; a page that says so has those of dark paper, where lighter is more.
 *
 * @param matrix {shape: [rows, columns], data} with `steps`, `labels` and `metric` where it has them
 * @throws {TypeError} when it is no matrix
 */
export function heatmap(matrix: MatrixValues, options: HeatmapOptions = {}): Rich {
  const size = sizeOfMatrix(matrix);
  const label = options.label ?? entryName(matrix);
  const text = `Heatmap of ${label}, ${size.rows} by ${size.columns}`;
  return new Rich({ "image/svg+xml": heatmapSvg(matrix, options), "text/plain": text });
}

/** The picture as SVG. */
export function heatmapSvg(matrix: MatrixValues, options: HeatmapOptions = {}): string {
  const size = sizeOfMatrix(matrix);
  const names = namesOf(matrix, size, options);
  const scales = {
    light: colourScale(matrix.data, options, false),
    dark: colourScale(matrix.data, options, true),
  };
  const width = options.width ?? usualWidth;
  const key = legend(options.label ?? entryName(matrix), scales, undefinedIn(matrix.data));
  const top = options.title === undefined ? 0 : 24;
  const keyTop = top + 6;
  const frame = frameOf(width, size, names);
  const { left, width: across, height: down } = frame;
  const y = keyTop + 34;
  const bottom = y + down;
  const lines = [
    ...ticksOf(names.x, across, "across").map(({ at, text }) => {
      const x = left + at;
      return `<line x1="${x}" x2="${x}" y1="${bottom}" y2="${bottom + 4}" stroke="currentColor" stroke-opacity="0.5"/><text x="${x}" y="${bottom + 15}" text-anchor="middle">${escaped(text)}</text>`;
    }),
    ...ticksOf(names.y, down, "down").map(({ at, text }) => {
      return `<line x1="${left - 4}" x2="${left}" y1="${y + at}" y2="${y + at}" stroke="currentColor" stroke-opacity="0.5"/><text x="${left - 7}" y="${y + at}" dy="0.32em" text-anchor="end">${escaped(text)}</text>`;
    }),
    axisLabel(names.labels.x, `translate(${left + across / 2} ${bottom + 31})`),
    axisLabel(names.labels.y, `translate(10 ${y + down / 2}) rotate(-90)`),
  ];
  const height = bottom + (names.labels.x ? 38 : 22);
  const style = across >= size.columns ? "image-rendering: pixelated; " : "";
  const parts = [
    '<defs><pattern id="undefined" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="#f4f4f0" style="fill: var(--figure-gap, #f4f4f0)"/><rect width="1" height="5" fill="#848b93"/></pattern></defs>',
    options.title === undefined
      ? ""
      : `<text x="${left}" y="16" font-size="15" font-weight="600">${escaped(options.title)}</text>`,
    `<g transform="translate(${left} ${keyTop})">${key}</g>`,
    `<rect x="${left}" y="${y}" width="${across}" height="${down}" fill="url(#undefined)"/>`,
    pictures(`x="${left}" y="${y}" width="${across}" height="${down}"`, style, scales, (scale) =>
      raster(matrix, size, scale),
    ),
    ...lines,
  ];
  return `<svg xmlns="${svgSpace}" xmlns:xlink="${linkSpace}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" fill="currentColor" font-family="system-ui, sans-serif" font-size="11" style="${inkAndPaper}">${parts.join("")}</svg>`;
}

function axisLabel(text: string, transform: string): string {
  return text === ""
    ? ""
    : `<text transform="${transform}" text-anchor="middle" font-weight="600">${escaped(text)}</text>`;
}

interface Scales {
  readonly light: ColourScale;
  readonly dark: ColourScale;
}

/**
 * A picture on light paper on top of the same on dark paper. A page shows one of them; what knows no
 * variables shows the upper one.
 */
function pictures(
  place: string,
  style: string,
  { light, dark }: Scales,
  address: (scale: ColourScale) => string,
): string {
  const picture = (display: string, scale: ColourScale) =>
    `<image ${place} preserveAspectRatio="none" style="${style}display: ${display}" xlink:href="${address(scale)}"/>`;
  return picture("var(--figure-dark, none)", dark) + picture("var(--figure-light, inline)", light);
}

/** A strip of the colours with the ends of the domain. */
function legend(label: string, scales: Scales, undefinedCount: number): string {
  const [low, high] = scales.light.domain;
  const stops = 128;
  const values = Float64Array.from(
    { length: stops },
    (_, i) => low + ((high - low) * i) / (stops - 1),
  );
  const strip = pictures('width="120" height="10"', "", scales, (scale) =>
    pngAddress(pngOf(stops, 1, pixelsOf(values, scale.colour))),
  );
  const counted = undefinedCount === 0 ? "" : `${undefinedCount.toLocaleString("en")} undefined`;
  const hatched =
    counted === ""
      ? ""
      : `<rect y="13" width="12" height="10" fill="url(#undefined)"/><text x="18" y="22">${counted}</text>`;
  const beside = 12 + letter * Math.max(label.length, counted === "" ? 0 : counted.length + 3);
  return `<text x="0" y="9" font-weight="600">${escaped(label)}</text><g transform="translate(${beside} 0)">${strip}<text y="21">${escaped(valueText(low))}</text><text x="120" y="21" text-anchor="end">${escaped(valueText(high))}</text></g>${hatched}`;
}

/** One pixel an entry, as the address of a PNG. */
function raster({ data }: MatrixValues, { rows, columns }: MatrixSize, scale: ColourScale): string {
  const [height, width] = [Math.min(rows, mostPixels), Math.min(columns, mostPixels)];
  if (height === rows && width === columns) {
    return pngAddress(pngOf(width, height, pixelsOf(data, scale.colour)));
  }
  const chosen = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * rows) / height);
    for (let x = 0; x < width; x++) {
      chosen[y * width + x] = data[row * columns + Math.floor(((x + 0.5) * columns) / width)]!;
    }
  }
  return pngAddress(pngOf(width, height, pixelsOf(chosen, scale.colour)));
}

/** How many entries are not finite numbers. */
function undefinedIn(data: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i]!)) count++;
  return count;
}
