"""A small Canvas on loopback: the endpoints that dlkit uses, as Canvas documents them, with pages, limits and tokens."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

TOKEN = "1234~secret"  # noqa: S105
PAGE = 2  # entries of a page, whatever is asked for


class Canvas:
    """What the server holds, and what it was asked."""

    def __init__(self):
        self.assignments = [{"id": 7, "name": "HW2", "points_possible": 100.0, "grading_type": "points"}]
        self.users = [
            {"id": number, "name": name, "sortable_name": name, "login_id": login, "enrollments": [{"course_section_id": 5}]}
            for number, name, login in ((1, "Ada", "s0001"), (2, "Bob", "s0002"), (9, "Eve", "eve"))
        ]
        self.groups = []
        self.submissions = {user["id"]: {"user_id": user["id"], "assignment_id": 7, "score": None} for user in self.users}
        self.files = {}
        self.asked = []  # method, path, whether the token came along
        self.written = []
        self.throttle = []  # status and headers to answer first
        self.status = None  # to answer everything with
        self.next = None  # where the next page is said to be

    def attach(self, user, id, name, data, **more):
        """A file that somebody handed in."""
        self.files[id] = data
        one = {"id": id, "display_name": name, "filename": name, "size": len(data), "url": f"{self.url}/files/{id}"}
        self.submissions[user].setdefault("attachments", []).append({**one, **more})

    def answer(self, path, query):
        """The list, or the one thing, at a path of the API."""
        return {
            "courses/3": {"id": 3, "name": "Deep learning"},
            "courses/3/assignments": self.assignments,
            "courses/3/sections": [{"id": 5, "name": "Monday"}],
            "courses/3/search_users": self.users,
            "courses/3/groups": self.groups,
            "courses/3/assignments/7/submissions": [
                {**one, "user": next(user for user in self.users if user["id"] == number)}
                for number, one in self.submissions.items()
            ],
        }.get(path)


@contextmanager
def served():
    """A server, until the end of the block."""
    canvas = Canvas()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            url = urlsplit(self.path)
            canvas.asked.append(("GET", url.path, "Authorization" in self.headers))
            if self._refused():
                return
            if found := re.fullmatch(r"/files/(\d+)", url.path):
                self._send(200, canvas.files[int(found[1])])
                return
            query = parse_qs(url.query)
            found = canvas.answer(url.path.removeprefix("/api/v1/"), query)
            headers = {}
            if isinstance(found, list):
                page = int(query.get("page", ["1"])[0])
                if page * PAGE < len(found):
                    there = canvas.next or f"{canvas.url}{url.path}?page={page + 1}"
                    headers["Link"] = f'<{there}>; rel="next"'
                found = found[(page - 1) * PAGE : page * PAGE]
            self._send(404 if found is None else 200, json.dumps(found).encode(), headers)

        def do_PUT(self):
            canvas.asked.append(("PUT", self.path, "Authorization" in self.headers))
            body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            if self._refused():
                return
            user = int(self.path.rpartition("/")[2])
            score = float(body["submission[posted_grade]"][0])
            canvas.written.append((user, score))
            canvas.submissions[user] |= {"score": score, "entered_score": score}
            self._send(200, json.dumps(canvas.submissions[user]).encode())

        def _refused(self):
            if canvas.throttle:
                status, text, headers = canvas.throttle.pop(0)
                self._send(status, text, headers)
                return True
            theirs = self.headers.get("Authorization")
            if canvas.status or theirs != f"Bearer {TOKEN}":
                self._send(canvas.status or 401, b'{"errors": []}', {"WWW-Authenticate": 'Bearer realm="canvas-lms"'})
                return True
            return False

        def _send(self, status, data, headers=()):
            self.send_response(status)
            for name, value in {**dict(headers), "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    canvas.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield canvas
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
