/* What the stage shows of the connection's privacy. Only writes to the server's markup. */
import type { CallState } from "../../lib/protocol.ts";
import type { Route } from "../../lib/route.ts";
import { part, sentence, write } from "../parts.ts";

/** How long the strip of the beginning stays, unless it is closed before. */
const STRIP = 20_000;

type Comparison = "" | "same" | "differs" | "again";

export class PrivacyView {
  readonly #stage: HTMLElement;
  #code: string | null = null;
  #comparison: Comparison = "";
  #strip: ReturnType<typeof setTimeout> | null = null;

  constructor(stage: HTMLElement) {
    this.#stage = stage;
  }

  showRoute(route: Route | null, connections: number): void {
    const badge = this.#part("route");
    badge.hidden = route === null;
    if (route === null) return;
    this.#stage.dataset.route = route.mode;
    for (const name of ["route-word", "route-title", "route-text"]) {
      const line = this.#part(name);
      write(line, sentence(line, route.mode));
    }
    const facts = [
      route.protocol.toUpperCase(),
      `${route.own} ↔ ${route.theirs}`,
      route.tls && `DTLS ${version(route.tls)}`,
      route.cipher,
      connections > 1 ? `× ${connections}` : "",
    ];
    write(this.#part("route-facts"), facts.filter(Boolean).join(" · "));
  }

  showCode(code: string | null, isAlarming: boolean): void {
    if (code !== null && code !== this.#code) this.#took(code);
    write(this.#part("code"), code ?? "");
    this.#stage.toggleAttribute("data-alarm", isAlarming);
    this.#part("alarm").hidden = !isAlarming;
    this.#part("code-block").hidden = code === null || isAlarming;
    this.#part("code-waiting").hidden = code !== null || isAlarming;
    this.#showComparison();
  }

  /** The code is long in coming: what that means, in place of "is being made". */
  showDelay(isLong: boolean): void {
    const line = this.#part("code-waiting");
    write(line, sentence(line, isLong ? "long" : "soon"));
  }

  /** The person has compared the code with the others. */
  compared(isSame: boolean): void {
    this.#comparison = isSame ? "same" : "differs";
    this.#showComparison();
    this.#part("code-result").focus({ preventScroll: true });
  }

  showPresent(call: CallState | null): void {
    const names = (call?.participants ?? []).filter(({ joined }) => joined);
    write(this.#part("strip-names"), names.map(({ name }) => name).join(", "));
  }

  openStrip(): void {
    this.#part("strip").hidden = false;
    this.#strip = setTimeout(() => this.closeStrip(), STRIP);
  }

  closeStrip(): void {
    if (this.#strip !== null) clearTimeout(this.#strip);
    this.#strip = null;
    this.#part("strip").hidden = true;
  }

  reset(): void {
    this.#code = null;
    this.#comparison = "";
    this.closeStrip();
    this.#part("route").hidden = true;
    delete this.#stage.dataset.route;
    this.showCode(null, false);
    this.showDelay(false);
  }

  /** Another code than before: whoever had compared must do so again. */
  #took(code: string): void {
    this.#comparison = this.#comparison === "" ? "" : "again";
    this.#code = code;
  }

  #showComparison(): void {
    const line = this.#part("code-result");
    write(line, sentence(line, this.#comparison));
    line.hidden = this.#comparison === "";
    line.dataset.result = this.#comparison;
    this.#part("code-buttons").hidden = this.#comparison === "same";
    this.#stage.dataset.compared = this.#comparison;
    this.#part("compare-again").hidden = this.#comparison !== "again";
  }

  #part(name: string): HTMLElement {
    return part(this.#stage, name);
  }
}

/** "FEFD" is how DTLS writes 1.2, "FEFC" 1.3 (RFC 6347, RFC 9147). */
function version(name: string): string {
  return { FEFF: "1.0", FEFD: "1.2", FEFC: "1.3" }[name.toUpperCase()] ?? name;
}
