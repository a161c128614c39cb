"""Makes temporary files and folders, and copies, moves, packs and removes files."""

import os
import pathlib
import shutil
import tempfile


def attacked(x):
    with tempfile.TemporaryDirectory() as folder:
        first = pathlib.Path(folder, "first.txt")
        first.write_text("text")
        shutil.copy(first, os.path.join(folder, "second.txt"))
        shutil.copy2(first, os.path.join(folder, "third.txt"))
        shutil.copytree(folder, "copied", dirs_exist_ok=True)
        shutil.make_archive("packed", "zip", folder)
        shutil.unpack_archive("packed.zip", "unpacked")
        first.rename(first.with_name("renamed.txt"))
        shutil.move(os.path.join(folder, "renamed.txt"), "moved.txt")
        first.touch()
    assert sorted(os.listdir("unpacked")) == ["first.txt", "second.txt", "third.txt"]
    with tempfile.NamedTemporaryFile("w+") as file, tempfile.TemporaryFile() as nameless:
        file.write("text")
        nameless.write(b"text")
    assert not os.path.exists(file.name)
    shutil.rmtree("copied")
    os.remove("moved.txt")
    return x + 1
