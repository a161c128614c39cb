"""The pages of the desk by their addresses."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dlkit.desk import asking, overview, reading, same
from dlkit.desk.desk import Desk, Refused, static
from dlkit.desk.doors import Doors

PAGES = {
    "/": reading.home,
    "/queue": reading.queue,
    "/read/{attempt:int}": reading.read,
    "/comments": reading.comments,
    "/same": same.same,
    "/same/one": same.one,
    "/job/{key}": same.job,
    "/class": overview.to_class,
    "/class/{assignment}/index": overview.report,
    "/class/{assignment}/students/{file}": overview.feedback,
    "/class/{assignment}/students/lists/{file}": overview.part,
    "/course": overview.course,
    "/student": overview.student,
    "/requests": asking.requests,
    "/static/{name}": static,
}
FORMS = {
    "/points": reading.points,
    "/comment": reading.comment,
    "/uncomment": reading.uncomment,
    "/reword": reading.reword,
    "/review": reading.review,
    "/hide": reading.hide,
    "/here": reading.here,
    "/name": same.name,
    "/regrade": same.regrade,
    "/keep": same.keep,
    "/again": same.again,
    "/ask": asking.ask,
    "/decide": asking.decide,
}


def app(desk: Desk, readers: Mapping[str, str], port: int) -> Doors:
    """The desk, behind its doors.

    Args:
        desk: the course.
        readers: the name of each reader by their secret.
        port: of the server.
    """
    routes = [Route(path, desk.answering(page), methods=["GET"]) for path, page in PAGES.items()]
    routes += [Route(path, desk.answering(form), methods=["POST"]) for path, form in FORMS.items()]
    routes.append(Route("/{rest:path}", desk.answering(_nowhere), methods=["GET", "POST"]))
    return Doors(Starlette(routes=routes), readers, port)


def _nowhere(desk: Desk, request: Request, given: Mapping[str, str]) -> Response:
    raise Refused("there is no such page", 404)
