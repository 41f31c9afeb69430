/* A person in front of a background that nobody can make out. */
import type { Mask } from "./segmenter.ts";

/** Steps down and up again: so few points say nothing, and each step makes them softer. */
const STEPS = [4, 16, 32, 16, 8, 4];
/** Where the certainty of "this is the person" begins, and where it is complete. */
const SOFT: [number, number] = [0.5, 0.95];

export class Painter {
  readonly canvas = document.createElement("canvas");
  readonly #context = contextOf(this.canvas);
  readonly #sharp = contextOf(document.createElement("canvas"));
  readonly #mask = contextOf(document.createElement("canvas"));
  readonly #steps = STEPS.map(() => contextOf(document.createElement("canvas")));

  /** Copied once, since a camera's picture is dear to read. */
  take(picture: CanvasImageSource, width: number, height: number): HTMLCanvasElement {
    fit(this.#sharp.canvas, width, height);
    this.#sharp.drawImage(picture, 0, 0, width, height);
    return this.#sharp.canvas;
  }

  /** What was taken last, behind this mask. */
  paint(mask: Mask): void {
    const context = this.#context;
    const sharp = this.#sharp.canvas;
    const { width, height } = sharp;
    fit(this.canvas, width, height);
    const background = this.#blur(sharp);
    context.globalCompositeOperation = "copy";
    context.drawImage(this.#shape(mask), 0, 0, width, height);
    context.globalCompositeOperation = "source-in";
    context.drawImage(sharp, 0, 0);
    context.globalCompositeOperation = "destination-over";
    context.drawImage(background, 0, 0, width, height);
  }

  #blur(sharp: HTMLCanvasElement): HTMLCanvasElement {
    let from = sharp;
    for (const [at, context] of this.#steps.entries()) {
      const step = STEPS[at] ?? 1;
      fit(context.canvas, Math.ceil(sharp.width / step), Math.ceil(sharp.height / step));
      context.drawImage(from, 0, 0, context.canvas.width, context.canvas.height);
      from = context.canvas;
    }
    return from;
  }

  /** As much of the person as is certain, with a soft edge. */
  #shape({ values, width, height }: Mask): HTMLCanvasElement {
    const context = this.#mask;
    fit(context.canvas, width, height);
    const shape = context.createImageData(width, height);
    for (let at = 0; at < values.length; at += 1)
      shape.data[at * 4 + 3] = 255 * soften(values[at] ?? 0);
    context.putImageData(shape, 0, 0);
    return context.canvas;
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser cannot draw.");
  return context;
}

/** Giving a canvas its size empties it, so only where it changes. */
function fit(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

/** 0 to 1, without a corner at either end. */
export function soften(certainty: number): number {
  const [from, to] = SOFT;
  const part = Math.min(1, Math.max(0, (certainty - from) / (to - from)));
  return part * part * (3 - 2 * part);
}
