"""Who may ask the desk anything: whoever has its address, from this machine, with a page of the desk itself.

The address holds a secret for each reader, so there is no cookie that another site could use or plant. A request must name this
server as its host, and a form must come from a page of this server.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 2**18  # of a form
MOST_FIELDS = 100
FORM = "application/x-www-form-urlencoded"
OWN = ("same-origin", "none")  # "none": typed into the address bar; a form never is
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",  # the address is a secret; without any, a browser would not say where a form is from
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def secret() -> str:
    """A part of an address that nobody guesses."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Doors:
    """Lets in requests that may come in; the others are refused before any page is looked for.

    Args:
        app: the pages.
        readers: the name of each reader by their secret.
        port: of this server.
    """

    app: ASGIApp
    readers: Mapping[str, str]
    port: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope)
        _, token, rest = (f"{scope['path']}//").split("/", 2)
        reader = next((name for own, name in self.readers.items() if secrets.compare_digest(own.encode(), token.encode())), None)
        refused = self._refusal(request, reader)
        if refused is not None:
            await refused(scope, receive, send)
            return
        path = "/" + rest.removesuffix("/").removesuffix("/")
        inner = {**scope, "path": path, "raw_path": path.encode(), "state": {"reader": reader, "base": f"/{token}"}}
        await self.app(inner, receive, _with_headers(send))

    def _refusal(self, request: Request, reader: str | None) -> Response | None:
        """Why a request may not come in; None if it may."""
        hosts = {f"{host}:{self.port}" for host in ("127.0.0.1", "localhost")}
        host = request.headers.get("host", "")
        if host not in hosts:  # another name for this machine, such as a site's that points here
            return _refused(f"the desk is at http://127.0.0.1:{self.port} only", 421)
        if reader is None:
            return _refused("this address is not one of this desk's. Open the address that `dlkit desk` printed", 403)
        if request.method not in ("GET", "HEAD", "POST"):
            return _refused("the desk knows GET and POST only", 405)
        if request.method == "POST":
            if request.headers.get("origin") != f"http://{host}" or request.headers.get("sec-fetch-site", OWN[0]) != OWN[0]:
                return _refused("this form is not from a page of the desk, so nothing was written", 403)
            if request.headers.get("content-type", "").split(";")[0].strip().lower() != FORM:
                return _refused(f"a form must be {FORM}", 415)
        return None


async def fields(request: Request) -> list[tuple[str, str]]:
    """The fields of a form, as far as one may be sent.

    Raises:
        ValueError: it is too large, or is no form.
    """
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > MOST_BYTES:
            raise ValueError(f"a form has at most {MOST_BYTES // 1024} KiB, so nothing was written")
    return parse_qsl(data.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, strict_parsing=bool(data))


def _refused(why: str, status: int) -> Response:
    return PlainTextResponse(f"Refused: {why}.\n", status, HEADERS)


def _with_headers(send: Send) -> Send:
    """Add our headers to an answer that does not have them."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            more = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            message = {**message, "headers": [*message["headers"], *(one for one in more if one[0] not in there)]}
        await send(message)

    return sending
