/* Who comes, and who cancels: a calm toast and a soft tone. While the professional is in a call
   nothing sounds, pops up or takes the focus (A18, DEC-17): counters change, and what must not be
   missed is said afterwards. */
import type { Tones } from "../lib/tones.ts";
import { showToast, type ToastKind } from "../toasts/toasts.ts";

const TONE_LASTS = 2_000;

export class CalmNews {
  readonly #isBusy: () => boolean;
  readonly #later: { text: string; kind: ToastKind }[] = [];

  constructor(isBusy: () => boolean) {
    this.#isBusy = isBusy;
  }

  get isBusy(): boolean {
    return this.#isBusy();
  }

  /** Now or not at all: counters and lists tell it too. */
  mention(text: string): void {
    if (!this.isBusy) showToast(text, "info");
  }

  /** Now, or when the call is over. */
  tell(text: string, kind: ToastKind): void {
    if (this.isBusy) this.#later.push({ text, kind });
    else showToast(text, kind);
  }

  /** The call is over. */
  release(): void {
    if (this.isBusy) return;
    for (const { text, kind } of this.#later.splice(0)) showToast(text, kind);
  }
}

export function registerArrivals(news: CalmNews, tones: Tones): void {
  const on = (name: string, told: (text: string) => void): void =>
    document.body.addEventListener(name, (event) =>
      told((event as CustomEvent<{ text?: string }>).detail.text ?? ""),
    );
  on("guest-arrived", (text) => {
    news.mention(text);
    if (!news.isBusy) void chimeOnce(tones);
  });
  on("guest-cancelled", (text) => news.tell(text, "info"));
  document.addEventListener("pointerdown", () => tones.unlock());
}

/** Of several windows of this browser one sounds. */
async function chimeOnce(tones: Tones): Promise<void> {
  if (!navigator.locks) return tones.chime();
  await navigator.locks.request("arrival-tone", { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    tones.chime();
    await new Promise((done) => setTimeout(done, TONE_LASTS));
  });
}
