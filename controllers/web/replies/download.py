"""A file as a reply, sent while it is made."""

import logging
from collections.abc import Iterator
from typing import Self

from flask import Response, g

from services.exportService import BROKEN_OFF, Export, File
from utils.sharing.slots import outside

_log = logging.getLogger("finlead")


def download(export: Export) -> Response:
    """What goes wrong at the beginning of the file is raised: then the reply is another one."""
    with outside():
        file = export.open()
    response = Response(_Body(file), mimetype=export.media)
    response.headers["Content-Disposition"] = f'attachment; filename="{export.name}"'
    if file.length is not None:
        response.content_length = file.length
    return response


class _Body:
    """The server ends a reply whose body fails as if it were complete, so the body says itself that
    it is not."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._parts: Iterator[bytes] = file.parts
        self._named = {"request_id": g.get("request_id")}

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._parts)
        except StopIteration:
            raise
        except Exception as error:
            _log.error("export broken off", exc_info=error, extra={"dados": self._named})
            self._parts = iter(())
            return BROKEN_OFF.encode()

    def close(self) -> None:
        self._file.close()
