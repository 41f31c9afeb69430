/** Places popover menus beside their buttons and lets the arrow keys walk through them. */

const GAP = 4;
const EDGE = 12;

function buttonOf(menu: HTMLElement): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[popovertarget="${CSS.escape(menu.id)}"]`);
}

/** Below the button if there is room, else above; its right edges flush where that fits. */
export function place(menu: HTMLElement, button: HTMLElement): void {
  const anchor = button.getBoundingClientRect();
  const box = menu.getBoundingClientRect();
  const below = anchor.bottom + GAP;
  const top = below + box.height > innerHeight - EDGE ? anchor.top - GAP - box.height : below;
  const left = anchor.right - box.width;
  menu.style.setProperty("--menu-top", `${Math.max(EDGE, top)}px`);
  const rightmost = innerWidth - EDGE - box.width;
  menu.style.setProperty("--menu-left", `${Math.max(EDGE, Math.min(left, rightmost))}px`);
}

function onToggle(event: Event): void {
  const menu = event.target;
  if (!(menu instanceof HTMLElement) || !menu.matches(".menu[popover]")) return;
  const open = (event as ToggleEvent).newState === "open";
  const button = buttonOf(menu);
  button?.setAttribute("aria-expanded", String(open));
  if (!open || !button) return;
  menu.dataset.placed = "";
  place(menu, button);
}

function items(menu: Element): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("a[href], button:not([disabled])")];
}

function onKey(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const menu = event.target instanceof Element && event.target.closest(".menu[popover]");
  if (!menu || step === undefined) return;
  const all = items(menu);
  const now = all.indexOf(document.activeElement as HTMLElement);
  all[(now + step + all.length) % all.length]?.focus();
  event.preventDefault();
}

/** Choosing something closes the menu; copying keeps it open long enough to say so. */
function onClick(event: MouseEvent): void {
  const item = event.target instanceof Element ? event.target.closest(".menu__item") : null;
  const menu = item?.closest<HTMLElement>(".menu[popover]");
  if (!item || !menu || item.closest("form")) return;
  setTimeout(() => menu.hidePopover(), item.matches("[data-copy]") ? 900 : 0);
}

function closeAll(): void {
  for (const menu of document.querySelectorAll<HTMLElement>(".menu:popover-open")) {
    menu.hidePopover();
  }
}

export function registerMenus(): void {
  document.addEventListener("toggle", onToggle, { capture: true });
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  addEventListener("resize", closeAll);
}
