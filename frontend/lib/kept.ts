/* What must survive the reload that a change of language is: what was typed, and the place in the
   guest's way. Kept by this tab alone, for the same page, and forgotten as soon as it is read. */

const KEY = "kept";

export interface Kept {
  step?: string;
  panel?: string;
  /** Whether the tone was heard. */
  heard?: boolean | null;
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;
type Written = { path: string; typed: Record<string, string>; place: Kept };

function fields(root: ParentNode): HTMLInputElement[] {
  return [...root.querySelectorAll<HTMLInputElement>("main input[name]")].filter(
    ({ type }) => type === "text" || type === "email",
  );
}

/** Keep what stands in the page's fields; `place` says where in the page somebody is. */
export function keep(root: ParentNode, store: Store, path: string, place: Kept): void {
  const typed = Object.fromEntries(fields(root).map(({ name, value }) => [name, value]));
  store.setItem(KEY, JSON.stringify({ path, typed, place } satisfies Written));
}

/** Put it back, and tell the place; {} where nothing was kept for this page. */
export function takeBack(root: ParentNode, store: Store, path: string): Kept {
  const text = store.getItem(KEY);
  store.removeItem(KEY);
  const kept = text === null ? null : (JSON.parse(text) as Written);
  if (kept?.path !== path) return {};
  for (const field of fields(root)) {
    const value = kept.typed[field.name];
    if (value !== undefined) field.value = value;
  }
  return kept.place;
}
