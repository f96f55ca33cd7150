import { rgb } from "d3";
import { pngAddress, pngOf } from "./png.ts";

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** What of a canvas is known here: its size. */
export interface Sized {
  readonly width: number;
  readonly height: number;
}

/**
 * A canvas as charts use it for rasters and ramps of colour: pixels put as they are, rectangles filled
 * with one colour. Nothing else can be drawn.
 */
export class CanvasContext {
  fillStyle = "#000";
  readonly #canvas: Sized;
  readonly #pixels: Uint8ClampedArray;

  constructor(canvas: Sized) {
    this.#canvas = canvas;
    this.#pixels = new Uint8ClampedArray(4 * canvas.width * canvas.height);
  }

  createImageData(width: number, height: number): Pixels {
    return { width, height, data: new Uint8ClampedArray(4 * width * height) };
  }

  putImageData({ width, height, data }: Pixels, left: number, top: number): void {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        this.#put(left + x, top + y, data.subarray(4 * (y * width + x), 4 * (y * width + x + 1)));
      }
    }
  }

  fillRect(left: number, top: number, width: number, height: number): void {
    const { r, g, b, opacity } = rgb(this.fillStyle);
    const colour = [r, g, b, 255 * opacity];
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++) this.#put(x, y, colour);
    }
  }

  /** The picture as the address of a PNG. */
  address(): string {
    return pngAddress(pngOf(this.#canvas.width, this.#canvas.height, this.#pixels));
  }

  #put(x: number, y: number, colour: ArrayLike<number>): void {
    if (x < 0 || y < 0 || x >= this.#canvas.width || y >= this.#canvas.height) return;
    this.#pixels.set(colour, 4 * (y * this.#canvas.width + x));
  }
}

/** Gives canvases of a document something to draw on. */
export function mendCanvas(prototype: object): void {
  const contexts = new WeakMap<object, CanvasContext>();
  const contextOf = (canvas: Sized): CanvasContext => {
    const context = contexts.get(canvas) ?? new CanvasContext(canvas);
    contexts.set(canvas, context);
    return context;
  };
  Object.defineProperties(prototype, {
    getContext: {
      configurable: true,
      value(this: Sized, kind: string) {
        return kind === "2d" ? contextOf(this) : null;
      },
    },
    toDataURL: {
      configurable: true,
      value(this: Sized) {
        return contextOf(this).address();
      },
    },
  });
}
