/* What counts as the text of a message. */

export const LONGEST_TEXT = 4_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Surrogate}/gu;

/** Without control characters and halves of characters; lines end in one way. */
export function clean(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(UNSEEN, "");
}

/** What another page sent as a text: itself if it is one of ours, else null. */
export function textFrom(value: unknown): string | null {
  return typeof value === "string" && value.length <= LONGEST_TEXT ? clean(value) : null;
}

/** A whole number that counts something, or null. */
export function countFrom(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}

/** The name of a page: it lives as long as the page's part in one call. */
export function pageFrom(value: unknown): string | null {
  return typeof value === "string" && /^[0-9a-z]{4,32}$/.test(value) ? value : null;
}
