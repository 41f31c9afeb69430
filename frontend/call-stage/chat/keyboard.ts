/* Telephones lay their keyboard over the page; the chat stands above it. */

/** Less than this (in pixels) is the browser's own bar. */
const LEAST = 120;

export function followKeyboard(stage: HTMLElement): void {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const follow = (): void => {
    // Enlarged by two fingers, the visible part is smaller without any keyboard.
    const covered =
      viewport.scale > 1.05 ? 0 : innerHeight - viewport.height - Math.max(0, viewport.offsetTop);
    const isOpen = covered > LEAST;
    stage.toggleAttribute("data-keyboard", isOpen);
    stage.style.setProperty("--keyboard", isOpen ? `${Math.round(covered)}px` : "0px");
  };
  viewport.addEventListener("resize", follow);
  viewport.addEventListener("scroll", follow);
}
