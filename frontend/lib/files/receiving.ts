/* One file on its way in: pieces in their order, hashed as they come, kept as a Blob, which the
   browser may put on its disk where memory is short. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Piece } from "./frames.ts";

const BUNDLE = 4 * 1024 * 1024;
/** Whatever it says it is: saved, never opened in a page (proof: uploads). */
const TYPE = "application/octet-stream";

export class Receiving {
  received = 0;
  readonly #size: number;
  readonly #hash = sha256.create();
  #blobs: Blob[] = [];
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #loose = 0;
  #expected: string | null = null;

  constructor(size: number) {
    this.#size = size;
  }

  /** False where this is not the next piece of this file. */
  take({ offset, bytes }: Piece): boolean {
    if (offset !== this.received || offset + bytes.length > this.#size) return false;
    this.#hash.update(bytes);
    this.#pieces.push(bytes as Uint8Array<ArrayBuffer>);
    this.received += bytes.length;
    this.#loose += bytes.length;
    if (this.#loose >= BUNDLE) this.#bundle();
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

  #bundle(): void {
    this.#blobs.push(new Blob(this.#pieces, { type: TYPE }));
    this.#pieces = [];
    this.#loose = 0;
  }
}
