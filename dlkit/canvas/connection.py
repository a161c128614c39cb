"""The connection to a Canvas server: the token, the limits that Canvas sets, and what goes wrong as sentences.

`canvasapi` knows the endpoints and follows the pages (Link headers). What it leaves open is decided here: every request has a
time limit and goes over https, the token goes to no other server than Canvas, and a request that Canvas throttles is repeated.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import SplitResult, urlsplit

from autograder.text import readable
from autograder.text.errors import DlkitError

TOKEN, ADDRESS = "CANVAS_TOKEN", "CANVAS_URL"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SECONDS = 60.0
WAITS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)  # seconds between the tries of a request that Canvas throttles
LONGEST_WAIT = 120.0
THROTTLED = "Rate Limit Exceeded"  # Canvas says so with status 429, and older servers with 403
PORTS = {"https": 443, "http": 80}


class CanvasError(DlkitError):
    """Canvas cannot be asked, or refuses; the sentence says what to do."""


def connected(address: str, course: int) -> Any:
    """A course of Canvas, as `canvasapi` has it.

    Args:
        address: of the server, such as https://canvas.example.edu.
        course: the number in the course's address.

    Raises:
        CanvasError: the address or the token will not do, or Canvas refuses.
    """
    base = _checked(address)
    token = os.environ.get(TOKEN, "").strip()
    if not token:
        raise CanvasError(
            f"Canvas needs a token in the environment variable {TOKEN}. Received: none. "
            "Make one in Canvas under Account, Settings, New Access Token"
        )
    if not token.isascii() or not token.isprintable() or " " in token:
        raise CanvasError(f"the token in {TOKEN} must be one word, as Canvas shows it. Copy it again")
    try:
        import requests
        from canvasapi.course import Course
        from canvasapi.requester import Requester
    except ImportError:
        raise CanvasError("the API of Canvas needs canvasapi, which is not installed: pip install 'dlkit[canvas]'") from None
    session = requests.Session()
    session.auth = lambda request: request  # otherwise, a ~/.netrc would take the place of the token
    session.send = _guarded(session.send, urlsplit(base))
    requester = Requester(base, token)
    requester._session = session
    with told("the course"):
        return Course(requester, requester.request("GET", f"courses/{course}").json())


@contextmanager
def told(what: str) -> Iterator[None]:
    """Turn what goes wrong between us and Canvas into a sentence.

    Args:
        what: what is asked for.
    """
    import requests
    from canvasapi import exceptions as canvas

    try:
        yield
    except (canvas.InvalidAccessToken, canvas.Unauthorized):
        why = f"it does not accept the token in {TOKEN} for {what}. Make a new token, with an account that teaches the course"
    except canvas.ResourceDoesNotExist:
        why = f"it does not have {what}, or not for this token. Look at the number in the address of the page in Canvas"
    except canvas.Forbidden:
        why = f"the token in {TOKEN} does not allow {what}. Use one of an account that teaches the course"
    except canvas.CanvasException as error:
        why = f"it refused {what}: {readable(str(error))[:200]}"
    except requests.exceptions.SSLError:
        why = "its certificate is not valid, so nothing was sent. Check the address"
    except requests.exceptions.Timeout:
        why = f"it did not answer within {SECONDS:g} s. Try again later"
    except (requests.exceptions.ConnectionError, requests.exceptions.InvalidURL):
        why = "it cannot be reached. Check the address and the network"
    except (requests.exceptions.RequestException, AttributeError, KeyError, TypeError, ValueError):
        why = f"what it answered about {what} is not what Canvas's documentation says. Is this the address of Canvas?"
    else:
        return
    raise CanvasError(f"Canvas: {why}") from None


def fetched(course: Any, url: str) -> bytes:
    """The bytes of a file at the address that Canvas gave for it."""
    with told("a file"):
        found: bytes = course._requester.request("GET", _url=url).content
    return found


def _checked(address: str) -> str:
    parts = urlsplit(address.strip())
    if not parts.hostname or parts.username or parts.password or parts.query or parts.fragment or not _safe(parts):
        raise CanvasError(
            f"the address of Canvas must be like https://canvas.example.edu. Received: {readable(address)[:80]!r}. "
            f"Give it with --url or {ADDRESS}"
        )
    return address.strip().rstrip("/").removesuffix("/api/v1")


def _safe(parts: SplitResult) -> bool:
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)


def _guarded(send: Callable[..., Any], base: SplitResult) -> Callable[..., Any]:
    """Sends each request, and each that a redirection asks for, on our terms."""

    def sent(request: Any, **options: Any) -> Any:
        parts = urlsplit(request.url)
        if not _safe(parts):
            where = f"{parts.scheme}://{parts.hostname}"
            raise CanvasError(f"Canvas: it points to {where}, which is not https, so nothing was sent there")
        if _origin(parts) != _origin(base):
            request.headers.pop("Authorization", None)
        options["timeout"] = SECONDS
        for wait in WAITS:
            response = send(request, **options)
            if response.status_code != 429 and not (response.status_code == 403 and THROTTLED in response.text):
                return response
            asked = response.headers.get("Retry-After", "")
            time.sleep(min(float(asked), LONGEST_WAIT) if asked.isdecimal() else wait)
        raise CanvasError("Canvas: it asks us to wait again and again (rate limit). Try again in some minutes")

    return sent
