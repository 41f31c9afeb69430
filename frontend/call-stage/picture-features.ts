/* What one can do with picture, sound and window. */
import type { CallSession } from "../lib/session.ts";
import { BlurSwitch } from "./devices/blur-switch.ts";
import { CameraSwitch } from "./devices/camera-switch.ts";
import { DevicePanel } from "./devices/device-panel.ts";
import { DeviceWatch } from "./devices/device-watch.ts";
import { Speaker } from "./devices/speaker.ts";
import { Dock } from "./dock.ts";
import type { StageFeature } from "./features.ts";
import { FullScreen } from "./full-screen.ts";
import { MicrophoneHints } from "./microphone-hints.ts";
import { Notices } from "./notices.ts";
import { PictureInPicture } from "./picture-in-picture.ts";
import { ScreenShare } from "./screen-share.ts";
import { StayAwake } from "./stay-awake.ts";
import { StillImage } from "./still-image/still-image.ts";

export function pictureFeatures(stage: HTMLElement, session: CallSession): StageFeature[] {
  const notices = new Notices(stage);
  const speaker = new Speaker(stage);
  return [
    new FullScreen(stage),
    new ScreenShare(stage, session, notices),
    speaker,
    new DevicePanel(stage, session.media, speaker),
    new BlurSwitch(stage, session.media, notices),
    new DeviceWatch(session, notices),
    new CameraSwitch(stage, session.media, notices),
    new MicrophoneHints(session, notices),
    new PictureInPicture(stage, notices),
    new Dock(stage),
    new StayAwake(),
    new StillImage(stage, session, notices),
  ];
}
