/* A small picture of a received picture: drawn anew from its bytes, so that nothing but points is
   ever shown. What is no PNG, JPEG or WebP of a bearable size has none. */
import { measure } from "../../lib/files/pictures.ts";
import { part } from "../parts.ts";

const LARGEST_FILE = 30 * 1024 * 1024;
const MOST_POINTS = 40_000_000;
const EDGE = 640;
/** Where the formats say how large they are; JPEGs may carry other things first. */
const HEAD = 512 * 1024;

/** Show `blob` in the row that `find` finds, if it is a picture. */
export async function drawPreview(blob: Blob, find: () => HTMLElement | undefined): Promise<void> {
  if (blob.size > LARGEST_FILE) return;
  const picture = measure(new Uint8Array(await blob.slice(0, HEAD).arrayBuffer()));
  if (picture === null || picture.width * picture.height > MOST_POINTS) return;
  const drawn = await redraw(blob.slice(0, blob.size, picture.type)).catch(() => null);
  const row = find();
  if (drawn === null || row === undefined) return;
  const image = part<HTMLImageElement>(row, "row-picture");
  image.onload = () => URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(drawn);
  image.hidden = false;
}

async function redraw(blob: Blob): Promise<Blob | null> {
  const bitmap = await createImageBitmap(blob);
  const scale = Math.min(1, EDGE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/webp", 0.85));
}
