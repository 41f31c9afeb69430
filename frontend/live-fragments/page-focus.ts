/** After a boosted change of page the focus goes to the new content, as after a real load. */

interface Swap {
  ctx?: { sourceElement?: Element; target?: Element; request?: { method?: string } };
}

function onSwap(event: Event): void {
  const source = (event as CustomEvent<Swap>).detail?.ctx?.sourceElement;
  const replaced = (event as CustomEvent<Swap>).detail?.ctx?.target?.id === "main";
  if (!replaced || source?.closest("#overview, #appointments, #appointment")) return;
  const main = document.getElementById("main");
  const wrong = main?.querySelector<HTMLElement>("[data-error-summary]");
  if (wrong) wrong.focus();
  else if (!main?.contains(document.activeElement)) main?.focus({ preventScroll: true });
}

export function registerPageFocus(): void {
  document.addEventListener("htmx:after:swap", onSwap);
}
