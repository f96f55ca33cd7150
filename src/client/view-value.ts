/** An element a person sets a value with: a control, or anything with a `value` that sends `input`. */
export type ViewElement = Element & { value?: unknown };

/** The value of a control as a cell reads it: a number of a range, a boolean of a checkbox. */
export function viewValue(element: ViewElement): unknown {
  const control = element as HTMLInputElement;
  switch (control.type) {
    case "range":
    case "number":
      return control.valueAsNumber;
    case "date":
      return control.valueAsDate;
    case "checkbox":
      return control.checked;
    case "file":
      return control.multiple ? control.files : control.files?.[0];
    case "select-multiple":
      return Array.from((element as HTMLSelectElement).selectedOptions, (option) => option.value);
    default:
      return element.value;
  }
}

/** Gives a control a value that `viewValue` reads. */
export function setViewValue(element: ViewElement, value: unknown): void {
  const control = element as HTMLInputElement;
  switch (control.type) {
    case "range":
    case "number":
      control.valueAsNumber = value as number;
      break;
    case "date":
      control.valueAsDate = value as Date;
      break;
    case "checkbox":
      control.checked = value as boolean;
      break;
    case "select-multiple":
      for (const option of (element as HTMLSelectElement).options) {
        option.selected = (value as string[]).includes(option.value);
      }
      break;
    default:
      element.value = value;
  }
}

/** The event by which a control says that its value changed. */
export function viewEvent(element: ViewElement): string {
  const { type } = element as HTMLInputElement;
  return type === "button" || type === "submit" ? "click" : type === "file" ? "change" : "input";
}
