"""One image as the methods take it, and what no method can use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.instruments import camera
from smile_explore.retrieval._families import Family

__all__ = ["ANGLES", "NoMagnetopause", "Surface", "View", "look"]

#: Angles at which the surface found is given. [deg]
ANGLES: Final = np.arange(0.0, 91.0, 2.5)
#: Fewest counts of an image.
FEWEST_COUNTS: Final = 100
#: Share of the light below which a pixel of counts is not used.
LEAST_SENSITIVITY: Final = 0.5
#: Angular radius of the Sun. [deg]
SUN_RADIUS: Final = 0.27


class NoMagnetopause(ValueError):
    """An image in which a method finds nothing, and why."""


@dataclass(frozen=True)
class View:
    """The pixels of one image that have a value, and where they look."""

    values: np.ndarray  # (pixel,)
    directions: np.ndarray  # (pixel, component), unit vectors
    response: np.ndarray  # (pixel,), values per intensity, relative
    row: np.ndarray  # (pixel,), where in the image
    column: np.ndarray
    position: np.ndarray  # (component,), R_E
    pixel: float  # deg
    quantity: str
    family: Family

    @property
    def azimuth(self) -> float:
        """Half plane of the spacecraft, from +Y toward +Z, in deg."""
        return float(np.degrees(np.arctan2(*self.position[2:0:-1])))


@dataclass(frozen=True)
class Surface:
    """A magnetopause found in an image."""

    family: Family
    standoff: float
    flaring: float
    covariance: np.ndarray  # of log(standoff) and flaring
    widest: float  # deg
    converged: bool
    status: str = "found"
    #: What a method tells beyond this, by name.
    more: Mapping[str, Any] = field(default_factory=dict)

    def along(self, azimuth: float) -> tuple[np.ndarray, np.ndarray]:
        """Radius and its uncertainty at `ANGLES`, NaN beyond the widest."""
        stretch = np.log(2 / (1 + np.cos(np.radians(ANGLES))))
        radius = self.standoff * np.exp(
            self.family.log_shape(
                ANGLES,
                np.full_like(ANGLES, azimuth),
                standoff=self.standoff,
                flaring=self.flaring,
            )
        )
        weights = np.stack([np.ones_like(stretch), stretch])
        variance = np.einsum("ia,ij,ja->a", weights, self.covariance, weights)
        spread = radius * np.sqrt(variance)
        known = self.widest >= ANGLES
        return np.where(known, radius, np.nan), np.where(known, spread, np.nan)


def look(
    brightness: xr.DataArray,
    pointing: xr.Dataset,
    *,
    quantity: str,
    families: Sequence[Family],
    exposures: np.ndarray,
) -> Iterator[View | NoMagnetopause | None]:
    """Take the images of a series: each, None where one has no values at all.

    In place of one that no method could use stands the reason.

    Of counts, pixels that see less than half of the light are left out: they
    lie at the edge of a CCD. What the others see is their response.
    """
    grid = ("time", "fov_lat", "fov_lon")
    values = brightness.transpose(*grid).values.astype(np.float64)
    response = np.ones(values.shape)
    if quantity == "counts":
        response = _response(brightness).transpose(*grid).values
    ways = camera.unproject(
        brightness["fov_lon"], brightness["fov_lat"], pointing
    ).transpose(*grid, "component")
    position = pointing["position"].transpose("time", "component").values
    pixel = float(np.abs(np.diff(brightness["fov_lat"].values)).min())
    for n, family in enumerate(families):
        try:
            yield _one(
                values[n],
                directions=ways.values[n],
                response=response[n],
                position=position[n].astype(np.float64),
                pixel=pixel,
                quantity=quantity,
                family=family,
                exposure=exposures[n],
            )
        except NoMagnetopause as reason:
            yield reason


def _one(
    image: np.ndarray,
    *,
    directions: np.ndarray,
    response: np.ndarray,
    position: np.ndarray,
    pixel: float,
    quantity: str,
    family: Family,
    exposure: float,
) -> View | None:
    """Take one image; (row, column) leads the shape of each array."""
    known = np.isfinite(image)
    if not known.any():
        return None
    if quantity == "counts":
        lit = response >= LEAST_SENSITIVITY
        if not known[lit].all():
            raise NoMagnetopause(
                f"counts must not be NaN, {(~known[lit]).sum()} of "
                f"{lit.sum()} pixels are; leave them out of the image"
            )
        known &= lit
    _check_values(image[known], quantity, exposure)
    _check_bright_bodies(directions.reshape(-1, 3), position, pixel)
    row, column = np.nonzero(known)
    return View(
        values=image[known],
        row=row,
        column=column,
        directions=directions[known],
        response=response[known],
        position=position,
        pixel=pixel,
        quantity=quantity,
        family=family,
    )


def _response(counts: xr.DataArray) -> xr.DataArray:
    """Tell what each pixel counts of an intensity: solid angle and light."""
    rows: xr.DataArray = np.cos(np.radians(counts["fov_lat"]))  # type: ignore[assignment]
    if "sensitivity" in counts.coords:
        rows = rows * counts["sensitivity"]
    return rows.broadcast_like(counts)


def _check_values(seen: np.ndarray, quantity: str, exposure: float) -> None:
    if (seen < 0).any():
        raise NoMagnetopause(
            f"{quantity} must not be negative, the least is {seen.min():g}"
        )
    total = float(seen.sum())
    if quantity == "counts" and total < FEWEST_COUNTS:
        advice = "expose longer"
        if np.isfinite(exposure) and total > 0:
            enough = float(f"{1.2 * exposure * FEWEST_COUNTS / total:.2g}")
            advice += f", {enough:g} s instead of {exposure:g} s"
        raise NoMagnetopause(
            f"the image has {total:g} counts, at least {FEWEST_COUNTS} "
            f"are needed; {advice}"
        )
    if np.ptp(seen) == 0:
        raise NoMagnetopause("the image is uniform: it has no bright arc")


def _check_bright_bodies(
    directions: np.ndarray, position: np.ndarray, pixel: float
) -> None:
    """Refuse an image that Earth or the Sun spoils."""
    distance = float(np.sqrt((position**2).sum()))
    limb = float(np.degrees(np.arcsin(min(1.0, 1.0 / distance))))
    bodies = {
        "Earth": (-position / distance, limb),
        "the Sun": (np.array([1.0, 0.0, 0.0]), SUN_RADIUS),
    }
    for name, (way, radius) in bodies.items():
        nearest = float(np.clip((directions @ way).max(), -1.0, 1.0))
        if np.degrees(np.arccos(nearest)) < radius + pixel / 2:
            raise NoMagnetopause(
                f"{name} is inside the field of view, which would blind "
                f"SXI; point it elsewhere (orbit.pointing keeps off both)"
            )
