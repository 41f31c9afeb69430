/* The entry of the guest's pages: no htmx, one document from the name to the end of the call. */
import { CallStage } from "./call-stage/call-stage.ts";
import { CheckPage } from "./check-page/check-page.ts";
import { DeviceCheck } from "./device-check/device-check.ts";
import { registerForms } from "./forms/forms.ts";
import { GuestVisit } from "./guest-visit/guest-visit.ts";
import { systemClock } from "./lib/clock.ts";
import { keep, takeBack } from "./lib/kept.ts";
import type { VisitNews } from "./lib/protocol.ts";
import { Conversations } from "./lib/secrecy/conversations.ts";
import { registerDialogs } from "./menus/dialogs.ts";
import { registerMenus } from "./menus/menus.ts";
import { createMedia, openPage, pageApi } from "./page.ts";
import { registerToasts } from "./toasts/toasts.ts";
import { VisitChat } from "./visit-chat/visit-chat.ts";
import { WaitingRoom } from "./waiting-room/waiting-room.ts";

/* A change of language loads the page anew: nothing typed is lost by it. */
const kept = takeBack(document, sessionStorage, location.pathname);
document.addEventListener("submit", ({ target }) => {
  if (!(target instanceof HTMLElement) || !target.matches("form.language")) return;
  const place = visit?.place ?? document.querySelector<DeviceCheck>("device-check")?.place;
  keep(document, sessionStorage, location.pathname, place ?? {});
});

registerToasts();
registerMenus();
registerDialogs();
registerForms();
customElements.define("call-stage", CallStage);
customElements.define("device-check", DeviceCheck);
customElements.define("waiting-room", WaitingRoom);
customElements.define("guest-visit", GuestVisit);
customElements.define("check-page", CheckPage);
customElements.define("visit-chat", VisitChat);

/* A guest has one page: the newest wins at the server, so there is nobody to ask. */
const onlyWindow = {
  take: () => undefined,
  drop: () => undefined,
  isElsewhere: () => Promise.resolve(false),
  onTaken: () => undefined,
};

const checkPage = document.querySelector<CheckPage>("check-page");
checkPage?.start(createMedia(), pageApi(), kept);

const visit = document.querySelector<GuestVisit>("guest-visit");
const stage = document.querySelector<CallStage>("call-stage[data-socket]");
if (visit && stage?.dataset.socket) {
  const page = openPage({
    socketPath: stage.dataset.socket,
    callsPath: stage.dataset.calls ?? "",
    ownership: onlyWindow,
    keepsMedia: true,
    onFinal: (code) => visit.closed(code),
  });
  stage.start(page.session);
  const conversations = new Conversations("guest", systemClock, (frame) => page.socket.send(frame));
  document.body.addEventListener("visit-relayed", (event) =>
    conversations.receive((event as CustomEvent<VisitNews>).detail),
  );
  VisitChat.provide(conversations);
  visit.start(page, kept, conversations);
  page.socket.start();
}
