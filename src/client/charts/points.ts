/** Coordinates of checkpoints, with what is known of them. */
export interface PointValues {
  /** [n, dimensions], at least 2 dimensions. */
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  /** Variance along each axis times n, as of `classicalScaling`. */
  readonly values?: ArrayLike<number>;
  readonly steps?: readonly number[] | undefined;
  readonly labels?: readonly string[] | undefined;
}

/** Points of the plane as they are drawn. */
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly steps: readonly number[] | undefined;
  readonly labels: readonly string[] | undefined;
  /** The group of each point, and all groups in the order they come; undefined and none when there are none. */
  readonly group: readonly string[] | undefined;
  readonly groups: readonly string[];
  /** What the axes are called. */
  readonly axes: readonly [string, string];
}

/**
 * The points of the plane.
 *
 * @throws {TypeError} when they are no coordinates, or not as many groups as points
 */
export function pointsOf(points: PointValues, group?: readonly string[]): Points {
  const { shape, data } = points ?? {};
  const [n = 0, dimensions = 0] = shape ?? [];
  if (shape?.length !== 2 || dimensions < 2 || data?.length !== n * dimensions || n === 0) {
    const found = shape ? `shape [${shape.join(", ")}]` : String(points);
    throw new TypeError(
      `Cannot draw checkpoints in the plane: expected coordinates {shape: [n, 2], data}, found ${found}`,
    );
  }
  if (points.values === undefined && n === dimensions && n > 3) {
    throw new TypeError(
      `Cannot draw checkpoints in the plane: expected coordinates {shape: [n, 2], data}, found a square matrix; in a kernel cell, classicalScaling(matrix) makes coordinates of it`,
    );
  }
  if (group && group.length !== n) {
    throw new TypeError(
      `Cannot draw checkpoints in the plane: expected ${n} groups, found ${group.length}`,
    );
  }
  const coordinate = (axis: number) =>
    Array.from({ length: n }, (_, i) => data[i * dimensions + axis]!);
  return {
    x: coordinate(0),
    y: coordinate(1),
    steps: points.steps?.length === n ? points.steps : undefined,
    labels: points.labels?.length === n ? points.labels : undefined,
    group,
    groups: [...new Set(group)],
    axes: [axisText(0, points.values), axisText(1, points.values)],
  };
}

/** An axis and how much of all there is to see it shows. */
function axisText(axis: number, values: ArrayLike<number> | undefined): string {
  const name = `axis ${axis + 1}`;
  if (!values) return name;
  const whole = Array.from(values).reduce((sum, value) => sum + Math.abs(value), 0);
  const share = whole === 0 ? 0 : Math.max(0, values[axis] ?? 0) / whole;
  return `${name} (${Math.round(100 * share)} %)`;
}
