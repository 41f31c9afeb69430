/** Which part of a picture stands in the square, in the picture's own pixels. */
export interface Cut {
  left: number;
  top: number;
  side: number;
}

export interface Size {
  width: number;
  height: number;
}

/** The largest square in the middle. */
export function firstCut({ width, height }: Size): Cut {
  const side = Math.min(width, height);
  return { left: (width - side) / 2, top: (height - side) / 2, side };
}

/** The square after the picture was moved by so much: its edges stay within the picture. */
export function moved(cut: Cut, right: number, down: number, picture: Size): Cut {
  return {
    left: within(cut.left - right, picture.width - cut.side),
    top: within(cut.top - down, picture.height - cut.side),
    side: cut.side,
  };
}

/** The square for a picture that is `factor` times as large (1 and more), around the same middle. */
export function enlarged(cut: Cut, factor: number, picture: Size): Cut {
  const side = Math.min(picture.width, picture.height) / Math.max(1, factor);
  const shift = (side - cut.side) / 2;
  return moved({ ...cut, side }, shift, shift, picture);
}

function within(value: number, limit: number): number {
  return Math.min(Math.max(0, value), Math.max(0, limit));
}
