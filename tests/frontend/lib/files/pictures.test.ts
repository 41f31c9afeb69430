import { expect, test } from "vitest";
import { measure } from "../../../../frontend/lib/files/pictures.ts";

const bytes = (...hex: string[]): Uint8Array =>
  Uint8Array.from(
    hex
      .join("")
      .replaceAll(" ", "")
      .match(/[0-9a-f]{2}/g) ?? [],
    (pair) => Number.parseInt(pair, 16),
  );

test.each([
  ["png", bytes("89504e470d0a1a0a 0000000d 49484452", "00007530 0000c350"), 30_000, 50_000],
  [
    "jpeg",
    bytes("ffd8", "ffe0 0004 4a46", "ffff", "c4 0003 00", "ffc2 0011 08 0258 0320 03 010101"),
    800,
    600,
  ],
  [
    "webp",
    bytes("52494646 00000000 57454250 56503858 0a000000 00000000", "3f0100 ef0000"),
    320,
    240,
  ],
  ["webp", bytes("52494646 00000000 57454250 5650384c 00000000 2f", "3fc13b00"), 320, 240],
  [
    "webp",
    bytes("52494646 00000000 57454250 56503820 00000000 000000 9d012a", "4001 f000"),
    320,
    240,
  ],
])("a %s says how large it is", (type, head, width, height) => {
  expect(measure(head)).toEqual({ type: `image/${type}`, width, height });
});

test.each([
  ["a page", new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>")],
  ["a gif", new TextEncoder().encode("GIF89a\u0001\u0001\u0001\u0001......................")],
  ["nothing", new Uint8Array()],
  ["a PNG that ends too soon", bytes("89504e470d0a1a0a 0000000d 49484452 0000")],
  ["a JPEG that ends too soon", bytes("ffd8 ffe0 0004 0000 ffda 0004 0000")],
])("%s is not shown as a picture", (_, head) => {
  expect(measure(head)).toBe(null);
});
