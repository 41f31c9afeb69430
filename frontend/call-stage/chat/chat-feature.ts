/* Chat with real-time text, and files, in a call. */
import { Chat, type Message } from "../../lib/chat/chat.ts";
import { Order, type TalkEnvironment } from "../../lib/chat/environment.ts";
import { systemClock } from "../../lib/clock.ts";
import { type Incoming, IncomingFiles } from "../../lib/files/incoming.ts";
import { OutgoingFiles } from "../../lib/files/outgoing.ts";
import { sourceOf } from "../../lib/files/sending.ts";
import type { Phase } from "../../lib/machine.ts";
import type { CallSession } from "../../lib/session.ts";
import type { StageFeature } from "../features.ts";
import type { Panels } from "../panels.ts";
import { part } from "../parts.ts";
import { Composer } from "./composer.ts";
import { followKeyboard } from "./keyboard.ts";
import { Notice } from "./notice.ts";
import { drawPreview } from "./preview.ts";
import { save } from "./saving.ts";
import { Thread } from "./thread.ts";
import { offerUnsaved } from "./unsaved.ts";

export class ChatFeature implements StageFeature {
  readonly actions = { "chat-attach": () => this.#composer.choose() };
  readonly keys = { t: () => this.#panels.toggle("chat") };
  readonly #stage: HTMLElement;
  readonly #session: CallSession;
  readonly #panels: Panels;
  readonly #chat: Chat;
  readonly #outgoing: OutgoingFiles;
  readonly #incoming: IncomingFiles;
  readonly #composer: Composer;
  readonly #notice: Notice;
  readonly #thread: Thread;
  readonly #saved = new Set<string>();
  readonly #arrived = new Set<string>();
  #isOpen = false;

  constructor(stage: HTMLElement, session: CallSession, panels: Panels) {
    this.#stage = stage;
    this.#session = session;
    this.#panels = panels;
    const order = new Order();
    const environment = this.#environment();
    this.#notice = new Notice(stage);
    this.#chat = new Chat(environment, order, (message) => this.#hear(message));
    this.#outgoing = new OutgoingFiles(environment, order, randomNumber());
    this.#incoming = new IncomingFiles(environment, order, (file) => this.#hearOffer(file));
    this.#thread = new Thread(stage, () => this.#shown());
    this.#composer = new Composer(stage, {
      send: (text) => this.#chat.send(text),
      write: (text) => this.#chat.drafts.write(text),
      live: (isLive) => {
        this.#chat.drafts.isLive = isLive;
      },
      offer: (file) => this.#outgoing.offer(sourceOf(file)),
    });
    part(stage, "chat-list").addEventListener("click", (event) => this.#clicked(event));
    stage.addEventListener("panel-shown", (event) => this.#panelShown(event as CustomEvent));
    // Made large again with the chat open: what came meanwhile is seen now.
    new MutationObserver(() => this.#see()).observe(stage, { attributeFilter: ["data-docked"] });
    document.addEventListener("visibilitychange", () => this.#see());
    followKeyboard(stage);
  }

  turned(phase: Phase): void {
    if (phase === "active") return;
    const whole = this.#incoming.files.filter(({ blob, key }) => blob && !this.#saved.has(key));
    if (whole.length > 0) offerUnsaved(whole);
    this.#chat.clear();
    this.#outgoing.clear();
    this.#incoming.clear();
    this.#saved.clear();
    this.#arrived.clear();
    this.#composer.clear();
    this.#notice.forget();
    this.#thread.refresh();
  }

  #environment(): TalkEnvironment {
    return {
      words: this.#session.words,
      clock: systemClock,
      others: () => this.#others(),
      name: () => randomNumber().toString(36).padStart(7, "0"),
      changed: () => this.#changed(),
    };
  }

  #others(): string[] {
    const { call } = this.#session.machine;
    const present = call?.participants.filter(({ code, joined }) => joined && code !== call.me);
    return present?.map(({ code }) => code) ?? [];
  }

  #nameOf(code: string): string {
    const { call, otherName } = this.#session.machine;
    return call?.participants.find((one) => one.code === code)?.name || otherName;
  }

  #shown(): ReturnType<ConstructorParameters<typeof Thread>[1]> {
    const files = [...this.#outgoing.files, ...this.#incoming.files];
    const items = [...this.#chat.messages, ...files].sort((a, b) => a.order - b.order);
    const present = this.#others();
    return {
      items,
      drafts: this.#chat.drafts.shown.filter(({ from }) => present.includes(from)),
      saved: this.#saved,
      nameOf: (code) => this.#nameOf(code),
    };
  }

  #changed(): void {
    for (const file of this.#incoming.files) {
      if (file.blob === null || this.#arrived.has(file.key)) continue;
      this.#arrived.add(file.key);
      this.#notice.arrived(file.name);
      const { key, blob } = file;
      void drawPreview(blob, () => this.#thread.row(key)).then(() => this.#thread.refresh());
    }
    this.#thread.refresh();
  }

  get #isSeen(): boolean {
    const isLarge = this.#stage.dataset.docked === undefined;
    return this.#isOpen && isLarge && document.visibilityState === "visible";
  }

  #see(): void {
    if (this.#isSeen) this.#notice.clear();
  }

  #hear(message: Message): void {
    this.#notice.message(this.#nameOf(message.from), message.text, this.#isSeen);
  }

  #hearOffer(file: Incoming): void {
    this.#notice.offer(this.#nameOf(file.from), file.name, this.#isSeen);
  }

  #panelShown({ detail }: CustomEvent<string>): void {
    this.#isOpen = detail === "chat";
    this.#see();
    if (!this.#isOpen) return;
    this.#thread.toEnd();
    // After the key that opened it, which would else be typed; not where a keyboard would rise.
    if (!matchMedia("(pointer: coarse)").matches) setTimeout(() => this.#composer.focus());
  }

  #clicked({ target }: Event): void {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-file]") : null;
    const key = button?.closest<HTMLElement>("[data-key]")?.dataset.key;
    if (!button || key === undefined) return;
    const verbs: Record<string, () => void> = {
      accept: () => this.#incoming.accept(key),
      decline: () => this.#incoming.decline(key),
      again: () => this.#outgoing.again(key),
      save: () => this.#save(key),
      stop: () => {
        this.#incoming.stop(key);
        this.#outgoing.withdraw(key);
      },
    };
    verbs[button.dataset.file ?? ""]?.();
  }

  #save(key: string): void {
    const file = this.#incoming.files.find((one) => one.key === key);
    if (!file?.blob) return;
    save(file.blob, file.name);
    this.#saved.add(key);
    this.#thread.refresh();
  }
}

function randomNumber(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
