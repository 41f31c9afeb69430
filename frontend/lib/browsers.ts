/* Which browser and system somebody sits at, as far as help must differ. Guessed from what the
   browser says of itself: a wrong guess shows the wrong three lines, and nothing else depends on it. */

export type Browser =
  | "safari-ios"
  | "other-ios"
  | "chrome-android"
  | "samsung"
  | "firefox-android"
  | "firefox"
  | "chrome"
  | "edge"
  | "safari-mac"
  | "other";
export type System = "ios" | "android" | "macos" | "windows" | "other";

/** iPads call themselves Macs; no Mac has a touch screen. */
export function systemOf(agent: string, touchPoints: number): System {
  if (/iPhone|iPad|iPod/.test(agent)) return "ios";
  if (/Macintosh/.test(agent)) return touchPoints > 1 ? "ios" : "macos";
  if (/Android/.test(agent)) return "android";
  return /Windows/.test(agent) ? "windows" : "other";
}

export function browserOf(agent: string, touchPoints: number): Browser {
  const system = systemOf(agent, touchPoints);
  if (system === "ios") {
    const isOther = /CriOS|FxiOS|EdgiOS|OPiOS|OPT\/|DuckDuckGo|GSA\//.test(agent);
    return isOther || !/Safari\//.test(agent) ? "other-ios" : "safari-ios";
  }
  if (/SamsungBrowser/.test(agent)) return "samsung";
  if (/Firefox\//.test(agent)) return system === "android" ? "firefox-android" : "firefox";
  if (/OPR\/|Vivaldi/.test(agent)) return "other";
  if (/Edg(A)?\//.test(agent)) return system === "android" ? "chrome-android" : "edge";
  if (/Chrome\//.test(agent)) return system === "android" ? "chrome-android" : "chrome";
  return system === "macos" && /Safari\//.test(agent) ? "safari-mac" : "other";
}
