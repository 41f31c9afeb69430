/* Small ways to the server's markup: parts by name, sentences by key. */

/** The element marked data-part="name" below `root`; its absence is a mistake in the template. */
export function part<T extends HTMLElement = HTMLElement>(root: ParentNode, name: string): T {
  const found = root.querySelector<T>(`[data-part="${name}"]`);
  if (found === null) throw new Error(`The template lacks the part "${name}".`);
  return found;
}

/** The sentence in data-text-<key>; "" where there is none. */
export function sentence(element: HTMLElement, key: string): string {
  return element.getAttribute(`data-text-${key}`) ?? "";
}

/** Write only what changed: live regions speak with every write. */
export function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Show each [data-in] only in the phases that it lists. */
export function showFor(root: ParentNode, phase: string): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-in]")) {
    element.hidden = !element.dataset.in?.split(" ").includes(phase);
  }
}
