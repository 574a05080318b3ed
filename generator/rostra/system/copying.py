"""Copy a file of any size: as a clone where the file system makes them, else chunk by chunk; never as a hard link.

A clone (reflink) shares its blocks until one of the two is written, so a write in the copy never reaches the original.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from shutil import copyfile

FICLONE = 0x40049409
"""The request of Linux that clones a whole file (``ioctl_ficlone(2)``)."""
UNABLE = {errno.EOPNOTSUPP, errno.EXDEV, errno.EINVAL, errno.ENOTTY, errno.ENOSYS, errno.EPERM, errno.EBADF, errno.EISDIR, errno.ETXTBSY}  # fmt: skip
"""The errors of a system that cannot clone these two files."""


def copy_file(original: Path, copy: Path) -> None:
    """Copy a file's content to a new file; raise OSError as ``shutil.copyfile``."""
    if not _is_cloned(original, copy):
        # The system copies within itself where it can.
        copyfile(original, copy)


def _is_cloned(original: Path, copy: Path) -> bool:
    try:
        from fcntl import ioctl
    except ImportError:  # not on Windows
        return False
    with suppress(FileNotFoundError):
        # Whatever is there may be a link to another file.
        os.unlink(copy)  # noqa: PTH108  # as the open below
    with original.open("rb") as source, copy.open("xb") as target:
        try:
            ioctl(target.fileno(), FICLONE, source.fileno())
        except OSError as error:
            if error.errno not in UNABLE:
                raise
            return False
    return True
