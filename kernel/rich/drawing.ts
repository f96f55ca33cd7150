import { type DrawingDocument, openDocument } from "./document.ts";

type Options = Readonly<Record<string, unknown>>;
type Draw = (options?: Options) => unknown;

/** What of Observable Plot draws. */
interface Plot {
  readonly plot: Draw;
  readonly legend: Draw;
  readonly Mark?: { readonly prototype: { plot: unknown } };
}

/** What of d3 makes elements out of nothing. */
interface D3 {
  readonly creator: (name: string) => (this: object) => unknown;
  readonly select: (element: unknown) => unknown;
}

/**
 * Functions of a package that makes elements, with a document to do it in: `plot` and `legend` of
 * Observable Plot, `create` of d3.
 */
export function drawIn(specifier: string, module: object): object {
  const document = openDocument();
  return specifier === "@observablehq/plot"
    ? plotIn(module as Plot, document)
    : d3In(module as D3, document);
}

function plotIn(module: Plot, document: DrawingDocument): Pick<Plot, "plot" | "legend"> {
  const plot: Draw = (options) => module.plot({ document, ...options });
  const legend: Draw = (options) => module.legend({ document, ...options });
  const prototype = module.Mark?.prototype;
  // `Plot.dot(…).plot()` calls the module's own `plot`, which asks for a global document.
  if (prototype) {
    prototype.plot = function (this: unknown, { marks = [], ...options }: Options = {}) {
      return plot({ ...options, marks: [...(marks as unknown[]), this] });
    };
  }
  return { plot, legend };
}

function d3In({ creator, select }: D3, { documentElement }: DrawingDocument): object {
  return { create: (name: string) => select(creator(name).call(documentElement)) };
}
