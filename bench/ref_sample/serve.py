"""`python -m bench.ref_sample.serve <port>`

A call as tutorials show it: both sides ready with open devices, a socket that passes everything on,
offer and answer made after the accept, candidates as they come. No sign-in, no database, no checks.
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

PAGE = """<!doctype html><title>sample</title>
<video id="remote" autoplay playsinline muted></video><button id="accept">Accept</button>
<script>
const socket = new WebSocket(`ws://${location.host}/ws`);
const say = (word) => socket.send(JSON.stringify(word));
const media = navigator.mediaDevices.getUserMedia(
  {audio: true, video: {width: {ideal: 1280}, height: {ideal: 720}}});
media.then(() => { document.title = 'ready'; });
let connection;
async function connect() {
  connection?.close();
  connection = new RTCPeerConnection();
  connection.onicecandidate = ({candidate}) => candidate && say({candidate});
  connection.ontrack = ({streams}) => { document.querySelector('#remote').srcObject = streams[0]; };
  const stream = await media;
  for (const track of stream.getTracks()) connection.addTrack(track, stream);
}
document.querySelector('#accept').onclick = () => say({accept: true});
let work = Promise.resolve();
socket.onmessage = ({data}) => { work = work.then(() => hear(JSON.parse(data))); };
async function hear({accept, description, candidate}) {
  if (accept) {
    await connect();
    await connection.setLocalDescription();
    say({description: connection.localDescription});
  } else if (description?.type === 'offer') {
    await connect();
    await connection.setRemoteDescription(description);
    await connection.setLocalDescription();
    say({description: connection.localDescription});
  } else if (description) await connection.setRemoteDescription(description);
  else await connection.addIceCandidate(candidate);
}
</script>"""

sockets: list[WebSocket] = []


async def page(request: Request) -> Response:
    return HTMLResponse(PAGE)


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    sockets.append(socket)
    try:
        while True:
            text = await socket.receive_text()
            for other in sockets:
                if other is not socket:
                    await other.send_text(text)
    except WebSocketDisconnect:
        sockets.remove(socket)


if __name__ == "__main__":
    routes = [Route("/", page), Route("/healthz", page), WebSocketRoute("/ws", talk)]
    uvicorn.run(Starlette(routes=routes), port=int(sys.argv[1]), log_level="warning")
