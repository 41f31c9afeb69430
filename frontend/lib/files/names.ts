/* File names that another person's page tells us: shown and saved, so nothing in them may lead a
   reader or a computer astray. */

const LONGEST_NAME = 120;
/** Controls, and the marks that turn the direction of text: "exe.‮gpj" reads as "jpg.exe". */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\p{Cf}\p{Surrogate}\u2028\u2029]/gu;
/** What some systems do not take in names. */
const UNUSABLE = /[<>:"|?*]/g;
/** Names that mean devices on Windows, whatever follows the dot. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** The last part of a path, without what cannot be seen, at most 120 characters with its ending. */
export function safeName(raw: string): string {
  const last = raw.slice(-1_000).replace(UNSEEN, "").split(/[/\\]/).at(-1) ?? "";
  const plain = last
    .replace(UNUSABLE, "_")
    .replace(/\s+/g, " ")
    .replace(/^[.\s]+|[.\s]+$/g, "")
    .replace(DEVICES, "_$1");
  return plain === "" ? "file" : shorten(plain);
}

/** The ending without its dot, in lower case; "" where there is none. */
export function endingOf(name: string): string {
  return /\.([^.\s]{1,10})$/.exec(name)?.[1]?.toLowerCase() ?? "";
}

function shorten(name: string): string {
  const characters = [...name];
  if (characters.length <= LONGEST_NAME) return name;
  const ending = endingOf(name);
  const tail = ending === "" ? "" : `.${ending}`;
  return `${characters.slice(0, LONGEST_NAME - [...tail].length - 1).join("")}…${tail}`;
}

export type Kind = "image" | "document" | "table" | "sound" | "film" | "archive" | "other";

const KINDS: Record<Exclude<Kind, "other">, string> = {
  image: "png jpg jpeg webp gif heic heif avif bmp tif tiff",
  document: "pdf doc docx odt rtf txt md",
  table: "xls xlsx ods csv",
  sound: "mp3 m4a wav ogg opus flac",
  film: "mp4 mov webm mkv avi",
  archive: "zip 7z rar gz tar",
};

/** What the picture beside a name says. Only ever a hint: nothing is opened by it. */
export function kindOf(name: string): Kind {
  const ending = endingOf(name);
  const found = Object.entries(KINDS).find(([, endings]) => endings.split(" ").includes(ending));
  return (found?.[0] as Kind | undefined) ?? "other";
}
