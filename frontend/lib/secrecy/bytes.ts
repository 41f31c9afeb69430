/* Bytes as the wire carries them: base64url without padding (RFC 4648, 5), and codes of ours. */

const CODE_LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
const CODE_LENGTH = 12;

export type Bytes = Uint8Array<ArrayBuffer>;

export function toBase64Url(bytes: Bytes): string {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Throws where `text` is no base64url. */
export function fromBase64Url(text: string): Bytes {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** Twelve random letters: the name of a page, or of a message. */
export function randomCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(CODE_LENGTH));
  return Array.from(bytes, (byte) => CODE_LETTERS[byte & 31]).join("");
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text) as Bytes;
}
