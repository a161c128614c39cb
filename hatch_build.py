"""What the wheel holds besides the packages: the assignments, for `dlkit init`, and never a solution."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Packaged(BuildHookInterface):
    """Puts assignments/ and the policies into dlkit/packaged/.

    A hook and not a list in pyproject.toml, which would put them into editable installs, where a folder dlkit/ beside the
    link to the package would hide it.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files of a standard wheel."""
        if self.target_name != "wheel" or version != "standard":
            return
        root = Path(self.root)
        for path in sorted(root.glob("assignments/*/**/*")):
            inside = path.relative_to(root)
            if path.is_file() and path.suffix in (".md", ".py", ".svg", ".observations") and "__pycache__" not in inside.parts:
                build_data["force_include"][str(path)] = f"dlkit/packaged/{inside.as_posix()}"
        build_data["force_include"][str(root / "examples" / "course.toml")] = "dlkit/packaged/course.toml"
