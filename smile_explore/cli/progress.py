"""What a command says while it works."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

__all__ = ["bar", "say"]


def say(sentence: str) -> None:
    """Tell something that is no result."""
    print(sentence, file=sys.stderr, flush=True)


@contextlib.contextmanager
def bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """Progress bar on a terminal, silent elsewhere; gives its callback."""
    from tqdm import tqdm

    with tqdm(desc=title, unit="step", leave=False, disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress
