import type { Metric } from "../../similarity/index.ts";
import { element } from "../element.ts";
import type { Input } from "../scope/inputs.ts";
import { field } from "./field.ts";

/** How networks are compared, as `similarity` and `similarityMatrix` take it. */
export interface ChosenSettings {
  readonly symmetrise: boolean;
  readonly precision: "float64" | "float32";
  /** Absent: the one that fits the networks. */
  readonly metric?: Metric;
}

export interface SimilaritySettingsOptions {
  /** What stands beside it. Default "Compare by". */
  readonly label?: string | Node;
  /** What is chosen at first. Default symmetrised, in float64. */
  readonly value?: Partial<ChosenSettings>;
  /** Metrics to choose from besides the one that fits; none (default) leaves the choice out. */
  readonly metrics?: readonly Metric[];
  readonly disabled?: boolean;
}

const precisions = ["float64", "float32"] as const;

let count = 0;

/**
 * Symmetry, precision and, where asked for, the metric of a comparison: an object to be spread into the
 * options of `similarity` or `similarityMatrix`, as `{...settings, signal, progress}`.
 *
 * @throws {TypeError} when `value` says a precision or metric that is none to choose from
 */
export function similaritySettings(options: SimilaritySettingsOptions = {}): Input<ChosenSettings> {
  const { label = "Compare by", metrics = [], disabled = false } = options;
  const name = `precision-${++count}`;
  const symmetrise = element("input", { type: "checkbox", disabled });
  const boxes = precisions.map((precision) =>
    element("input", { type: "radio", name, value: precision, disabled }),
  );
  const metric = element(
    "select",
    { "aria-label": "metric", disabled },
    element("option", { value: "" }, "metric that fits"),
    ...metrics.map((one) => element("option", { value: one }, one)),
  );
  let value: ChosenSettings = { symmetrise: true, precision: "float64" };
  const read = (): ChosenSettings => ({
    symmetrise: symmetrise.checked,
    precision: precisions[boxes.findIndex(({ checked }) => checked)] ?? "float64",
    ...(metric.value !== "" && { metric: metric.value as Metric }),
  });
  const show = () => {
    symmetrise.checked = value.symmetrise;
    for (const box of boxes) box.checked = box.value === value.precision;
    metric.value = value.metric ?? "";
  };
  const isOne = (wanted: Partial<ChosenSettings>) =>
    precisions.includes(wanted.precision ?? "float64") &&
    typeof (wanted.symmetrise ?? true) === "boolean" &&
    (wanted.metric === undefined || metrics.includes(wanted.metric));
  const write = (wanted: unknown) => {
    if (typeof wanted !== "object" || wanted === null || !isOne(wanted)) return;
    const { symmetrise = true, precision = "float64", metric } = wanted as Partial<ChosenSettings>;
    value = { symmetrise, precision, ...(metric !== undefined && { metric }) };
    show();
  };
  if (options.value && !isOne(options.value)) {
    const known = [...precisions, ...metrics].join(", ");
    throw new TypeError(
      `Cannot choose settings: expected some of ${known}, found ${JSON.stringify(options.value)}`,
    );
  }
  show();
  write(options.value);
  const choices = boxes.map((box) => element("label", {}, box, box.value));
  const body = element(
    "div",
    {},
    element("label", {}, symmetrise, "symmetrise"),
    ...choices,
    metrics.length > 0 && metric,
  );
  body.addEventListener("input", () => {
    value = read();
  });
  return field({ label, kind: "settings", body, read: () => value, write });
}
