/* One file on its way in: pieces in their order, hashed as they come, kept as a Blob, which the
   browser may put on its disk where memory is short. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Piece } from "./frames.ts";

const BUNDLE = 4 * 1024 * 1024;
/** Pieces are copied into blocks of this size: how small they are cut must not cost us memory. */
const BLOCK = 256 * 1024;
/** Our own pages send four to seventeen pieces for each block. */
const MOST_PIECES_A_BLOCK = 256;
/** Whatever it says it is: saved, never opened in a page (proof: uploads). */
const TYPE = "application/octet-stream";

export class Receiving {
  received = 0;
  readonly #size: number;
  readonly #hash = sha256.create();
  #blobs: Blob[] = [];
  #blocks: Uint8Array<ArrayBuffer>[] = [];
  #block = new Uint8Array(0);
  #filled = 0;
  #pieces = 0;
  #expected: string | null = null;

  constructor(size: number) {
    this.#size = size;
  }

  /** False where this is not the next piece of this file, or the file is cut into crumbs. */
  take({ offset, bytes }: Piece): boolean {
    if (offset !== this.received || offset + bytes.length > this.#size) return false;
    this.#pieces += 1;
    const blocksBegun = Math.floor(offset / BLOCK) + 1;
    if (this.#pieces > blocksBegun * MOST_PIECES_A_BLOCK) return false;
    this.#hash.update(bytes);
    this.#copy(bytes);
    return true;
  }

  /** What the sender's page says that the file's SHA-256 is. */
  expect(digest: string): void {
    this.#expected = digest;
  }

  /** Null while something is missing; else the file, or "bad" where it is not the one sent. */
  finish(): Blob | "bad" | null {
    if (this.#expected === null || this.received < this.#size) return null;
    if (bytesToHex(this.#hash.digest()) !== this.#expected) return "bad";
    this.#bundle();
    return new Blob(this.#blobs, { type: TYPE });
  }

  #copy(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#filled === this.#block.length) this.#nextBlock();
      const part = bytes.subarray(at, at + this.#block.length - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      this.received += part.length;
      at += part.length;
    }
  }

  /** Never larger than what is still to come: a small file takes little. */
  #nextBlock(): void {
    if (this.#blocks.length * BLOCK >= BUNDLE) this.#bundle();
    this.#block = new Uint8Array(Math.min(BLOCK, this.#size - this.received));
    this.#filled = 0;
    this.#blocks.push(this.#block);
  }

  /** Only ever with whole blocks: at the end of one, or of the file. */
  #bundle(): void {
    this.#blobs.push(new Blob(this.#blocks, { type: TYPE }));
    this.#blocks = [];
  }
}
