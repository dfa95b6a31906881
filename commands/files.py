"""Files that the terminal names: what the operating system says about them, as a sentence."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

_WHY = {
    errno.EEXIST: "já existe",
    errno.ENOENT: "não existe",
    errno.EISDIR: "é uma pasta",
    errno.ENOTDIR: "a pasta não existe",
    errno.EACCES: "falta permissão",
    errno.EPERM: "falta permissão",
    errno.EROFS: "a pasta só permite leitura",
    errno.ENOSPC: "o disco está cheio",
    errno.EDQUOT: "o disco está cheio",
    errno.EFBIG: "o arquivo ficou maior do que o sistema permite",
}


@contextmanager
def file_explained(action: str, path: Path | None = None) -> Iterator[None]:
    """Ends the command with one sentence if a file cannot be read or written.

    `path`: the file to name, where the error names none.
    """
    try:
        yield
    except OSError as error:
        reason = _WHY.get(error.errno or 0, error.strerror)
        name = error.filename or path
        raise click.ClickException(f"Não foi possível {action} {name}: {reason}.") from error
