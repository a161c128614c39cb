"""Names of files for students, whose keys may hold anything."""

from __future__ import annotations

import hashlib
import re
import unicodedata

PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")  # one case only: some file systems do not tell A from a
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
LONGEST = 40


def file_name(key: str, extension: str = "") -> str:
    """The name of a student's file: safe on every system, the same for the same key, and another for every other.

    A plain key is its own name. Any other gets a dot and a digest, which no plain key can have:

        >>> file_name("s0007", ".html")
        's0007.html'
        >>> file_name("../Zoë Ångström", ".html")
        'zoe-angstrom.01fb254c9c.html'
    """
    if PLAIN.fullmatch(key) and key not in RESERVED:
        return key + extension
    ascii_ = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:LONGEST].rstrip("-")
    if not words or words in RESERVED:
        words = f"student-{words}".rstrip("-")
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{words}.{digest}{extension}"
