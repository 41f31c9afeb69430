/* The states of a panel, as its template names them. */

/** Show each [data-when] of a panel only in the states that it lists. */
export function showState(root: HTMLElement, state: string): void {
  root.dataset.state = state;
  for (const element of root.querySelectorAll<HTMLElement>("[data-when]")) {
    element.hidden = !element.dataset.when?.split(" ").includes(state);
    // A live region speaks when its text comes, not when it is uncovered.
    const line = element.querySelector<HTMLElement>("[data-text]");
    if (line) line.textContent = element.hidden ? "" : (line.dataset.text ?? "");
  }
}
