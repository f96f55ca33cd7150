import { Window } from "happy-dom";
import { inertWindow } from "../../src/headless/index.ts";
import { mendCanvas } from "./canvas.ts";

/** A document in which charts can be drawn, as far as this process looks at it. */
export interface DrawingDocument {
  readonly documentElement: object;
}

let opened: DrawingDocument | undefined;

/**
 * The document in which this process draws, made when first asked for. It is handed to those who draw
 * and never becomes a global: a library that finds `document` takes Node for a browser. No script in it
 * runs and nothing is loaded.
 */
export function openDocument(): DrawingDocument {
  opened ??= makeDocument();
  return opened;
}

function makeDocument(): DrawingDocument {
  const window = new Window(inertWindow);
  mendCanvas(window.HTMLCanvasElement.prototype);
  return window.document;
}
