/* The list of cameras, microphones or speakers in a <select>: before, in and between calls. */
import type { Listed } from "../lib/device-list.ts";

/** Written only when it changed, so that a list that stands open stays so. */
export function fillOptions(
  select: HTMLSelectElement,
  devices: Listed[],
  nameless: string,
  first: [text: string, id: string][] = [],
): void {
  const named = devices.map(({ label, id }, at) => [label || `${nameless} ${at + 1}`, id] as const);
  const rows = [...first, ...named];
  const shows = JSON.stringify(rows);
  if (select.dataset.shows === shows) return;
  select.dataset.shows = shows;
  const chosen = select.value;
  select.replaceChildren(...rows.map(([text, id]) => new Option(text, id)));
  if (rows.some(([, id]) => id === chosen)) select.value = chosen;
}
