/** Whether the signed-in person has muted calls and messages: written into the frame by the server. */
export function isMuted(): boolean {
  return document.getElementById("frame")?.hasAttribute("data-muted") === true;
}
