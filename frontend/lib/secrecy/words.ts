/* What stands inside an envelope once it is opened. */

/** A message, or "yours has arrived". */
export type Word = { id: string; text: string } | { got: string };

/** In UTF-16 units: fits into 8 KiB of ciphertext in any script. */
export const LONGEST = 2000;

/** As it is shown and sent: no control characters but the line's end, no space around. */
export function tidied(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\n\t]/gu, "")
    .trim();
}

/** Null for what this version does not know. */
export function parseWord(plain: string): Word | null {
  let word: unknown;
  try {
    word = JSON.parse(plain);
  } catch {
    return null;
  }
  if (typeof word !== "object" || word === null) return null;
  if (
    "text" in word &&
    "id" in word &&
    typeof word.text === "string" &&
    typeof word.id === "string"
  )
    return { id: word.id, text: tidied(word.text).slice(0, LONGEST) };
  return "got" in word && typeof word.got === "string" ? { got: word.got } : null;
}
