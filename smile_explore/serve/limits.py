"""What a class, and everybody in it, may use of a machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import psutil

from smile_explore.physics.threads import processors

__all__ = ["Limits"]

#: The explorer alone needs this much. [GB]
_LEAST_MEMORY: Final = 0.8


@dataclass(frozen=True)
class Limits:
    """What may be used at most.

    Parameters
    ----------
    users : int
        Seats: people who explore at the same time.
    memory : float
        Of everybody's kernel; what takes more is ended. [GB]
    threads : int
        Processors that everybody's computing may keep busy. Where the system
        cannot hold a process to them (macOS), it is not held.
    idle : float
        A seat whose clock nobody has moved for so long is given free. [min]
    ready : int
        Seats that stand prepared, so that who comes need not wait.

    Raises
    ------
    ValueError
        If one of them cannot be.
    """

    users: int = 8
    memory: float = 1.5
    threads: int = 1
    idle: float = 60.0
    ready: int = 2

    def __post_init__(self) -> None:
        """Refuse what cannot be, in one sentence."""
        if self.users < 1:
            raise ValueError(
                f"users is {self.users}, but a class has one seat at least"
            )
        if self.memory < _LEAST_MEMORY:
            raise ValueError(
                f"memory is {self.memory:g} GB for each user, but the "
                f"explorer needs {_LEAST_MEMORY:g}: allow more"
            )
        if not 1 <= self.threads <= processors():
            raise ValueError(
                f"threads is {self.threads}, but it is between 1 and the "
                f"{processors()} processors of this machine"
            )
        if self.idle <= 0:
            raise ValueError(
                f"idle is {self.idle:g} minutes, but it must be more than 0"
            )
        if not 0 <= self.ready <= self.users:
            raise ValueError(
                f"ready is {self.ready}, but of {self.users} seats 0 to "
                f"{self.users} can stand prepared"
            )

    def caution(self) -> str:
        """Say what the machine cannot hold, if all take all they may.

        Returns
        -------
        sentence : str
            Empty where there is memory for everybody.
        """
        wanted = self.users * self.memory
        free = psutil.virtual_memory().available / 1e9
        if wanted <= free:
            return ""
        return (
            f"{self.users} users of {self.memory:g} GB are {wanted:.3g} GB, "
            f"and {free:.3g} GB are free: allow fewer users, or less memory."
        )
