/** <button data-print>Drucken</button> */
export function registerPrintButtons(): void {
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-print]")) print();
  });
}
