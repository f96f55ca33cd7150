/* Hypertext literals as cells see them. Nothing of this runs. */

/** HTML as an element: values in it are escaped, elements and arrays of them put in, functions listen. */
export declare function html(
  strings: TemplateStringsArray,
  ...values: readonly unknown[]
): HTMLElement;

/** SVG as an element: as `html`, for what stands within an `<svg>` element. */
export declare function svg(
  strings: TemplateStringsArray,
  ...values: readonly unknown[]
): SVGElement;
