/* An entry of its own, fetched only when somebody wants a blurred background (lib/blur.ts). */
import type { Blurrer } from "../lib/blur.ts";
import { framesOf, outputOf } from "./frames.ts";
import { Painter } from "./painter.ts";
import { type Addresses, openSegmenter } from "./segmenter.ts";
import { Veil } from "./veil.ts";

export async function openBlurrer(addresses: Addresses): Promise<Blurrer> {
  const segmenter = await openSegmenter(addresses);
  return {
    async cover(camera, onTrouble) {
      const painter = new Painter();
      const veil = new Veil(camera, {
        frames: framesOf(camera),
        output: outputOf(painter.canvas),
        draw: ({ picture, width, height }) => {
          const sharp = painter.take(picture, width, height);
          segmenter.segment(sharp, (mask) => painter.paint(mask));
          return painter.canvas;
        },
        now: () => performance.now(),
      });
      await veil.start(onTrouble);
      return veil;
    },
    close: () => segmenter.close(),
  };
}
