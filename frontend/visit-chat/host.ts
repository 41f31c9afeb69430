/* The professional's side: greets everybody who waits, and counts silently what was not read. */
import type { Conversations } from "../lib/secrecy/conversations.ts";

interface Visit {
  guest: string;
  state?: string;
  online?: boolean;
}

/** Whom the frame counts as waiting now. */
function waiting(): string[] {
  const codes = document.getElementById("waiting-count")?.dataset.guests ?? "";
  return codes.split(" ").filter(Boolean);
}

export function followVisits(conversations: Conversations): void {
  const on = (name: string, told: (visit: Visit) => void): void =>
    document.body.addEventListener(name, (event) => {
      const visit = (event as CustomEvent<Visit | null>).detail;
      if (visit !== null) told(visit);
    });
  on("visit-changed", ({ guest, state }) => conversations.visitChanged(guest, state ?? ""));
  on("presence-changed", ({ guest, online }) =>
    conversations.presenceChanged(guest, online === true),
  );
  document.body.addEventListener("socket-open", () => conversations.greet(waiting(), true));
  document.addEventListener("htmx:after:swap", () => {
    conversations.greet(waiting());
    showUnread(conversations);
  });
  conversations.onChange(() => showUnread(conversations));
}

/** [data-unread-from="<guest>"] counts one guest's messages, [data-unread-from=""] everybody's. */
function showUnread(conversations: Conversations): void {
  for (const mark of document.querySelectorAll<HTMLElement>("[data-unread-from]")) {
    const guest = mark.dataset.unreadFrom;
    const count = guest ? conversations.of(guest).unread : conversations.unread;
    const text = (count === 1 ? mark.dataset.textOne : mark.dataset.textMany) ?? "";
    const line = mark.querySelector("[data-unread-text]");
    if (line) line.textContent = text.replace("{n}", String(count));
    mark.title = line?.textContent ?? "";
    mark.hidden = count === 0;
  }
}
