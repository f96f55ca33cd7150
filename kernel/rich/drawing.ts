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

const known = new WeakMap<object, object>();

/**
 * A module as cells import it: Observable Plot and d3 find a document to draw in, all others are what
 * they are.
 */
export async function drawingModule(specifier: string, module: object): Promise<object> {
  const adapt = adapters[specifier];
  if (!adapt) return module;
  const before = known.get(module);
  if (before) return before;
  const adapted = Object.freeze({ ...module, ...adapt(module, await openDocument()) });
  known.set(module, adapted);
  return adapted;
}

const adapters: Readonly<
  Record<string, ((module: object, document: DrawingDocument) => object) | undefined>
> = {
  "@observablehq/plot": (module, document) => plotIn(module as Plot, document),
  d3: (module, document) => d3In(module as D3, document),
  "d3-selection": (module, document) => d3In(module as D3, document),
};

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
