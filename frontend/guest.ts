/* The entry of the guest's pages: no htmx, one document from the name to the end of the call. */
import { CallStage } from "./call-stage/call-stage.ts";
import { DeviceCheck } from "./device-check/device-check.ts";
import { registerForms } from "./forms/forms.ts";
import { GuestVisit } from "./guest-visit/guest-visit.ts";
import { registerMenus } from "./menus/menus.ts";
import { openPage } from "./page.ts";
import { registerToasts } from "./toasts/toasts.ts";
import { WaitingRoom } from "./waiting-room/waiting-room.ts";

registerToasts();
registerMenus();
registerForms();
customElements.define("call-stage", CallStage);
customElements.define("device-check", DeviceCheck);
customElements.define("waiting-room", WaitingRoom);
customElements.define("guest-visit", GuestVisit);

/* A guest has one page: the newest wins at the server, so there is nobody to ask. */
const onlyWindow = {
  take: () => undefined,
  drop: () => undefined,
  isElsewhere: () => Promise.resolve(false),
  onTaken: () => undefined,
};

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
  visit.start(page);
  page.socket.start();
}
