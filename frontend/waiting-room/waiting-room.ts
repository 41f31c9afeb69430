/* <waiting-room>: the guest is in the right place. Shows their own picture while it is on, says
   when a ring came to nothing, and is where they can be written to. Fires "room-left" for
   "Verlassen". */
import { part, sentence, write } from "../call-stage/parts.ts";
import { awake } from "../lib/awake.ts";
import type { LocalMedia } from "../lib/media.ts";
import type { Conversation } from "../lib/secrecy/conversation.ts";
import type { Conversations } from "../lib/secrecy/conversations.ts";
import { Tones } from "../lib/tones.ts";

export class WaitingRoom extends HTMLElement {
  #media: LocalMedia | null = null;
  #isShown = false;
  #conversation: Conversation | null = null;
  #heard = 0;
  readonly #tones = new Tones();

  start(media: LocalMedia, conversations: Conversations): void {
    this.#media = media;
    if (conversations.isPossible) this.#listen(conversations);
    media.onChange(() => this.#render());
    this.addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest('[data-action="leave"]'))
        this.dispatchEvent(new Event("room-left"));
    });
  }

  enter(): void {
    this.#isShown = true;
    awake.keep("waiting", true);
    void this.#conversation?.greet();
    this.#render();
  }

  leave(): void {
    if (this.#isShown) this.#conversation?.close();
    this.#isShown = false;
    awake.keep("waiting", false);
    this.tell("");
    this.#render();
  }

  /** How the last ring ended: "missed", "cancelled", "declined"; "" takes the notice away. */
  tell(outcome: string): void {
    const line = part(this, "missed-text");
    const text = sentence(line, outcome);
    write(line, text);
    part(this, "missed").hidden = text === "";
  }

  #listen(conversations: Conversations): void {
    const guest = this.querySelector<HTMLElement>("visit-chat")?.dataset.guest;
    if (guest === undefined) return;
    const conversation = conversations.of(guest);
    this.#conversation = conversation;
    document.body.addEventListener("socket-open", () => {
      if (this.#isShown) void conversation.greet();
    });
    conversations.onChange(() => {
      const count = conversation.lines.filter(({ state }) => state === "heard").length;
      if (count > this.#heard && this.closest("[inert]") === null) this.#tones.chime();
      this.#heard = count;
    });
  }

  #render(): void {
    const isOn = this.#isShown && this.#media?.states.camera === true;
    const video = part<HTMLVideoElement>(this, "own-video");
    part(this, "own").hidden = !isOn;
    const stream = isOn ? (this.#media?.stream ?? null) : null;
    if (video.srcObject !== stream) video.srcObject = stream;
  }
}
