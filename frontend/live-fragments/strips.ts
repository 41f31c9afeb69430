/** On phones a navigation is a strip that one pushes: it begins with the page that one is on. */

const STRIPS = ".settings__list, .filters";

function show(): void {
  for (const strip of document.querySelectorAll<HTMLElement>(STRIPS)) {
    const here = strip.querySelector("[aria-current]")?.getBoundingClientRect();
    if (!here || strip.scrollWidth <= strip.clientWidth) continue;
    const frame = strip.getBoundingClientRect();
    strip.scrollLeft += here.left - frame.left - (frame.width - here.width) / 2;
  }
}

export function registerStrips(): void {
  document.addEventListener("htmx:after:swap", show);
  show();
}
