"""A TCP proxy that counts the bytes that pass, both ways."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Lock, Thread
from types import TracebackType
from typing import Self


class CountingProxy:
    """Listens at ``address``, in the form of Dask, in place of another; ``bytes`` is how many passed."""

    def __init__(self, address: str) -> None:
        host, _, port = address.removeprefix("tcp://").rpartition(":")
        self._target = host, int(port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._listening.getsockname()[1]}"
        self.bytes = 0
        self._lock = Lock()
        self._accepting = Thread(target=self._accept, daemon=True)
        self._passing: list[Thread] = []
        self._open: list[socket.socket] = []
        self._ends = False

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A close alone wakes no thread that waits for a socket.
        self._ends = True
        socket.create_connection(self._listening.getsockname()).close()
        self._accepting.join()
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._passing:
            thread.join()
        for each in (self._listening, *self._open):
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                self._open.append(near)
                if self._ends:
                    return
                far = socket.create_connection(self._target)
                self._open.append(far)
                for source, target in ((near, far), (far, near)):
                    self._passing.append(Thread(target=self._pass, args=(source, target), daemon=True))
                    self._passing[-1].start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                with self._lock:
                    self.bytes += len(data)
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)
