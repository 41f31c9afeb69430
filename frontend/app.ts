/* The entry of every page but the guests': htmx, the small helpers, and, in the shell, the stage. */
import "htmx.org";
// Finds htmx on window, where the line above has put it; must run before htmx starts.
import "htmx.org/dist/ext/hx-csp.js";
import { CalmNews, registerArrivals } from "./arrivals/arrivals.ts";
import { CallStage } from "./call-stage/call-stage.ts";
import { registerCopyButtons } from "./copy-button/copy-button.ts";
import { registerDeviceSettings } from "./device-settings/device-settings.ts";
import { registerForms } from "./forms/forms.ts";
import { systemClock } from "./lib/clock.ts";
import { SIGN_IN_AGAIN } from "./lib/close-codes.ts";
import { TabOwnership } from "./lib/ownership.ts";
import type { VisitNews } from "./lib/protocol.ts";
import { Conversations } from "./lib/secrecy/conversations.ts";
import { Tones } from "./lib/tones.ts";
import { registerPageFocus } from "./live-fragments/page-focus.ts";
import { registerSince } from "./live-fragments/since.ts";
import { registerStrips } from "./live-fragments/strips.ts";
import { registerDialogs } from "./menus/dialogs.ts";
import { registerMenus } from "./menus/menus.ts";
import { isMuted } from "./muted.ts";
import { openPage } from "./page.ts";
import { registerPasskeyForm } from "./passkeys/passkey-form.ts";
import { registerPasswordChecklist } from "./password-checklist/password-checklist.ts";
import { registerPictureCrop } from "./picture-crop/picture-crop.ts";
import { registerPrintButtons } from "./print-button/print-button.ts";
import { registerStepForm } from "./step-form/step-form.ts";
import { registerSupportReport } from "./support-report/support-report.ts";
import { registerToasts, showToast } from "./toasts/toasts.ts";
import { followVisits } from "./visit-chat/host.ts";
import { VisitChat } from "./visit-chat/visit-chat.ts";

const SETTLED = 5_000;

registerToasts();
registerMenus();
registerDialogs();
registerCopyButtons();
registerForms();
registerPasswordChecklist();
registerPasskeyForm();
registerPictureCrop();
registerPrintButtons();
registerStepForm();
registerSince();
registerStrips();
registerSupportReport();
registerPageFocus();
registerDeviceSettings();
customElements.define("call-stage", CallStage);
customElements.define("visit-chat", VisitChat);

/* Sign-in, error and legal pages have no stage, and so no socket. */
function startStage(stage: CallStage, socketPath: string): void {
  const { socket, session } = openPage({
    socketPath,
    callsPath: stage.dataset.calls ?? "/calls/",
    ownership: new TabOwnership(new BroadcastChannel("calls"), systemClock),
    keepsMedia: false,
    onFinal(code) {
      const texts = document.getElementById("toasts")?.dataset;
      // Signed out elsewhere: the server answers a reload with the sign-in page. Not in a call,
      // which goes on without a socket, and not right after loading, which would go round.
      if (code !== SIGN_IN_AGAIN) showToast(texts?.textForeign ?? "", "error");
      else if (performance.now() > SETTLED && !session.machine.isBusy) location.reload();
      else showToast(texts?.textSignedOut ?? "", "error");
      stage.addEventListener("call-phase", (event) => {
        if ((event as CustomEvent<string>).detail === "idle") location.reload();
      });
    },
  });
  stage.start(session);
  startNews(stage, new CalmNews(() => session.machine.isInCall));
  const conversations = new Conversations("host", systemClock, (frame) => socket.send(frame));
  document.body.addEventListener("visit-relayed", (event) =>
    conversations.receive((event as CustomEvent<VisitNews>).detail),
  );
  followVisits(conversations);
  VisitChat.provide(conversations);
  socket.start();
}

function startNews(stage: CallStage, news: CalmNews): void {
  registerArrivals(news, new Tones(isMuted));
  stage.addEventListener("call-phase", () => news.release());
  document.body.addEventListener("delivery-changed", (event) => {
    const { text, state } = (event as CustomEvent<{ text?: string; state?: string }>).detail;
    if (text) news.tell(text, state === "failed" ? "error" : "success");
  });
}

const stage = document.querySelector<CallStage>("call-stage[data-socket]");
if (stage?.dataset.socket) startStage(stage, stage.dataset.socket);
