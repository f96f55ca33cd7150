/** A checkpoint that is looked at: its place on an axis, and the axis by what is on it. */
export interface Look {
  readonly axis: string;
  readonly place: number;
}

const linkedClass = "simile-linked";
const lookEvent = "simile-look";
const none: readonly Look[] = [];

/**
 * Links a chart with all others on the page: what is looked at in one is marked in every other that has
 * the same axis. The chart holds its listener, the page none: a chart taken away is forgotten.
 *
 * @param mark is called with what is looked at elsewhere, with nothing when nobody looks any more
 * @returns tells the others what is looked at here
 */
export function link(
  chart: Element,
  mark: (looks: readonly Look[]) => void,
): (looks: readonly Look[] | undefined) => void {
  chart.classList.add(linkedClass);
  chart.addEventListener(lookEvent, (event) => mark((event as CustomEvent).detail));
  return (looks = none) => {
    for (const other of document.getElementsByClassName(linkedClass)) {
      if (other === chart) continue;
      other.dispatchEvent(new CustomEvent(lookEvent, { detail: looks }));
    }
  };
}

/**
 * What names an axis of checkpoints: two charts have the same when their steps, or else their labels, are
 * the same. Undefined when nothing is known of the places.
 *
 * @param name another name that the author gives; false for none
 */
export function axisOf(
  {
    steps,
    labels,
  }: {
    readonly steps?: ArrayLike<number> | undefined;
    readonly labels?: readonly string[] | undefined;
  },
  name?: string | false,
): string | undefined {
  if (name === false) return undefined;
  if (name !== undefined) return `named ${name}`;
  if (steps && steps.length > 0) return `steps ${Array.from(steps).join(" ")}`;
  if (labels && labels.length > 0) return `labels ${JSON.stringify(labels)}`;
  return undefined;
}

/** The looks at these places of an axis; none when it has no name. */
export function looksAt(axis: string | undefined, ...places: readonly number[]): Look[] {
  return axis === undefined ? [] : places.map((place) => ({ axis, place }));
}
