import { type Changes, changes } from "./changes.ts";
import { type ViewElement, viewEvent, viewValue } from "./view-value.ts";

export type { ViewElement } from "./view-value.ts";

/** The values of a view over time. */
export interface ViewValues extends Changes {
  readonly element: ViewElement;
}

/** The value of `element` now, then each new one. */
export function viewValues(element: ViewElement): ViewValues {
  const event = viewEvent(element);
  const values = changes(
    () => viewValue(element),
    (changed) => {
      if (viewValue(element) !== undefined) changed();
      element.addEventListener(event, changed);
      return () => element.removeEventListener(event, changed);
    },
  );
  return Object.assign(values, { element });
}
