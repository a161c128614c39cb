"""Starting the desk: a server on this machine alone, and the address that opens it."""

from __future__ import annotations

import os
import socket
import tempfile
import webbrowser
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from dlkit.desk.app import app
from dlkit.desk.doors import secret

if TYPE_CHECKING:
    from dlkit.desk.desk import Desk

HOST = "127.0.0.1"  # nobody on another machine can ask
MOST_OPEN = 100  # connections


class Server(uvicorn.Server):
    """The desk's server; its addresses, one for each reader, hold their secrets.

    Args:
        desk: the course.
        names: of the readers.
        port: 0 for any that is free.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, desk: Desk, names: Sequence[str], port: int = 0) -> None:
        self.socket = socket.create_server((HOST, port))
        self.port = int(self.socket.getsockname()[1])
        readers = {secret(): name for name in names}
        self.addresses: Mapping[str, str] = {name: f"http://{HOST}:{self.port}/{own}/" for own, name in readers.items()}
        super().__init__(
            uvicorn.Config(
                app(desk, readers, self.port),
                access_log=False,
                lifespan="off",
                limit_concurrency=MOST_OPEN,
                log_level="warning",
                server_header=False,
                ws="none",
            )
        )

    def serve_here(self) -> None:
        """Answer until Ctrl-C, or until `should_exit`."""
        self.run(sockets=[self.socket])


def open_in_browser(address: str) -> Path:
    """Open an address without naming it on a command line, which other users can read; the file that leads there."""
    handle, name = tempfile.mkstemp(suffix=".html", prefix="dlkit-desk-")  # readable by its owner alone
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f'<!doctype html><meta http-equiv="refresh" content="0; url={escape(address)}"><title>desk</title>')
    webbrowser.open(Path(name).as_uri())
    return Path(name)
