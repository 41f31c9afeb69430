"""JSON over HTTP: bodies checked by shape, refusals that a page can show."""

from typing import Any, TypeVar

import msgspec
from django.core.exceptions import BadRequest
from django.http import HttpRequest, JsonResponse

MAX_BODY = 64 * 1024
Shape = TypeVar("Shape", bound=msgspec.Struct)


def json_body(request: HttpRequest, shape: type[Shape]) -> Shape:
    """The request's JSON body as a `shape`.

    Raises BadRequest (400) where it is too large, no JSON, or of another shape.
    """
    if len(request.body) > MAX_BODY:
        raise BadRequest("The body is too large.")
    try:
        return msgspec.json.decode(request.body or b"{}", type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest(f"The body does not fit: {error}") from error


def problem(error: str, message: str, *, status: int, **more: Any) -> JsonResponse:
    """A refusal: a word for the program, a sentence for the person."""
    return JsonResponse({"error": error, "message": message, **more}, status=status)
