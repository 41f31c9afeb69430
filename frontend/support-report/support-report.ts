/** <support-report>: shows what the report would say, and fills it in only while it is ticked. */

import { factsOf } from "./facts.ts";

async function permission(name: string): Promise<string> {
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state;
  } catch {
    return ""; // Firefox does not know these names
  }
}

class SupportReport extends HTMLElement {
  connectedCallback(): void {
    const wanted = this.querySelector<HTMLInputElement>("[data-part=wanted]");
    // A form that came back with something wrong keeps the tick.
    if (wanted)
      wanted.checked = Boolean(this.querySelector<HTMLInputElement>("[name=report]")?.value);
    wanted?.addEventListener("change", this.#fill);
    void this.#look();
  }

  async #look(): Promise<void> {
    const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    const { connection } = navigator as { connection?: { effectiveType?: string } };
    const facts = factsOf({
      agent: navigator.userAgent,
      touchPoints: navigator.maxTouchPoints,
      width: innerWidth,
      height: innerHeight,
      kinds: devices.map((device) => device.kind),
      camera: await permission("camera"),
      microphone: await permission("microphone"),
      isOnline: navigator.onLine,
      network: connection?.effectiveType ?? "",
    });
    for (const line of this.#lines) {
      const value = line.querySelector("dd");
      const fact = facts[line.dataset.line ?? ""] ?? "";
      if (value) value.textContent = this.#inWords(fact) ?? fact;
    }
    this.hidden = false;
    this.#fill();
  }

  /** A permission in the page's language. */
  #inWords(fact: string): string | undefined {
    const { textGranted, textDenied, textPrompt } = this.dataset;
    return { granted: textGranted, denied: textDenied, prompt: textPrompt }[fact];
  }

  get #lines(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[data-line]")];
  }

  readonly #fill = (): void => {
    const report = this.querySelector<HTMLInputElement>("input[name=report]");
    const wanted = this.querySelector<HTMLInputElement>("[data-part=wanted]");
    if (!report) return;
    const lines = this.#lines.map((line) =>
      [...line.children].map((part) => part.textContent?.trim() ?? "").join(": "),
    );
    report.value = wanted?.checked ? lines.join("\n") : "";
  };
}

export function registerSupportReport(): void {
  customElements.define("support-report", SupportReport);
}
