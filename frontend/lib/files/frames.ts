/* One message on the channel `files`: which transfer, where in the file, and the bytes. */

const HEAD = 8;

export interface Piece {
  id: number;
  offset: number;
  bytes: Uint8Array;
}

/** How many bytes of a file fit into a message of `longest`. */
export function room(longest: number): number {
  return longest - HEAD;
}

export function pack(id: number, offset: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(HEAD + bytes.length);
  const head = new DataView(message.buffer);
  head.setUint32(0, id);
  head.setUint32(4, offset);
  message.set(bytes, HEAD);
  return message;
}

/** Null where it cannot be one. */
export function unpack(message: ArrayBuffer): Piece | null {
  if (message.byteLength <= HEAD) return null;
  const head = new DataView(message);
  return {
    id: head.getUint32(0),
    offset: head.getUint32(4),
    bytes: new Uint8Array(message, HEAD),
  };
}
