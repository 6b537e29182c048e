"""Photon by photon: what the CCDs read in each frame of an exposure."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.instruments._pixels import pixel_size
from smile_explore.instruments.camera import Camera
from smile_explore.instruments.response import fold
from smile_explore.instruments.response.counts import background_channels
from smile_explore.schema import EVENTS, RESPONSE, SXI_IMAGE

__all__ = ["draw", "image_of", "pile_up", "pile_up_share"]


def draw(
    image: xr.Dataset,
    response: xr.Dataset,
    *,
    spectrum: xr.DataArray | None = None,
    band: tuple[float, float] = fold.BAND,
    rng: int | np.random.Generator | None = None,
) -> xr.Dataset:
    """Give each count of an image a place, a frame and an energy.

    Parameters
    ----------
    image : xarray.Dataset (SXI_IMAGE)
        One exposure, with `counts`, `expected_counts` and
        `expected_background`, as `sxi.expose` returns it after a response.
    response : xarray.Dataset (RESPONSE)
    spectrum : xarray.DataArray, optional
        The one the counts were expected with.
    band : (float, float)
        Of the counts. [keV]
    rng : int, numpy.random.Generator or None
        Seed or generator.

    Returns
    -------
    events : xarray.Dataset (EVENTS)
        In the order of their frames; `elapsed` is the middle of the frame,
        for the CCD knows no better. Counting them in the pixels gives the
        image back.

    Raises
    ------
    ValueError
        If the image has several times, no counts, or counts that are
        negative or no whole numbers.
    """
    SXI_IMAGE.check(image)
    RESPONSE.check(response)
    counts = _counts(image)
    if spectrum is not None and spectrum.ndim > 1:
        raise ValueError(
            "photons are drawn for one exposure, got a spectrum with the "
            f"dimensions {spectrum.dims}; select one with .isel(...)"
        )
    generator = np.random.default_rng(rng)
    exposure = float(image["exposure"])
    row, column = np.nonzero(counts)
    pixel = np.repeat(np.arange(row.size), counts[row, column])
    row, column = row[pixel], column[pixel]
    frame_time = float(response.attrs["frame_time"])
    frame = (generator.uniform(0.0, exposure, row.size) // frame_time).astype(
        int
    )
    order = np.argsort(frame, kind="stable")
    row, column, frame = row[order], column[order], frame[order]
    ends = np.minimum((frame + 1) * frame_time, exposure)
    size = pixel_size(image)
    # just short of the pixel's edge, so that rounding moves none across it
    jitter = generator.uniform(-0.4999, 0.4999, (2, row.size))
    sky = _from_background(image, row, column, generator)
    energy = _energies(response, sky, spectrum, band, generator)
    lat, lon = image["fov_lat"].values, image["fov_lon"].values
    return _stamped(
        {
            "elapsed": (frame * frame_time + ends) / 2.0,
            "frame": frame,
            "fov_lon": lon[column] + jitter[0] * size["fov_lon"],
            "fov_lat": lat[row] + jitter[1] * size["fov_lat"],
            "photon_energy": energy,
        },
        image,
        frame_time=frame_time,
        pile_up_cell=float(response.attrs["pile_up_cell"]),
        pixel=size["fov_lon"],
        field_lon=size["fov_lon"] * lon.size,
        field_lat=size["fov_lat"] * lat.size,
    )


def pile_up(events: xr.Dataset) -> xr.Dataset:
    """Merge photons that fall into one cell of the CCD in one frame.

    Parameters
    ----------
    events : xarray.Dataset (EVENTS)
        As `draw` returns it, with its cell [deg] in the attributes.

    Returns
    -------
    events : xarray.Dataset (EVENTS)
        One event for each lit cell and frame, at the place of the first
        photon and with the energies of all together, which may lie above
        the band.
    """
    EVENTS.check(events)
    cell = float(events.attrs["pile_up_cell"])
    place = np.stack(
        [
            events["frame"].values,
            np.floor(events["fov_lat"].values / cell),
            np.floor(events["fov_lon"].values / cell),
        ]
    ).astype(int)
    _, first, group = np.unique(
        place, axis=1, return_index=True, return_inverse=True
    )
    energy = np.bincount(
        group.ravel(), events["photon_energy"].values, first.size
    )
    order = np.argsort(first)
    merged = events.isel(event=first[order]).copy()
    merged["photon_energy"] = ("event", energy[order])
    merged.attrs = {**events.attrs, "piled_up": events.sizes["event"]}
    return EVENTS.stamp(merged)


def pile_up_share(
    rate: float | np.ndarray, *, cell: float, frame_time: float
) -> np.ndarray:
    """Share of the photons that pile-up takes from the number of events.

    Parameters
    ----------
    rate : float or numpy.ndarray
        Photons of a square degree. [s-1 deg-2]
    cell : float
        Side of the cell. [deg]
    frame_time : float
        [s]

    Returns
    -------
    share : numpy.ndarray
        1 - (1 - exp(-m)) / m with m photons in a cell and frame: m / 2 where
        m is small, so that the loss grows with the square of the rate.
    """
    mean = np.asarray(rate, dtype=float) * cell**2 * frame_time
    # expm1 keeps the small difference; the limit at no photons is no loss
    safe = np.where(mean > 0.0, mean, 1.0)
    return np.where(mean > 0.0, 1.0 + np.expm1(-safe) / safe, 0.0)


def image_of(
    events: xr.Dataset,
    camera: Camera,
    *,
    band: tuple[float, float] | None = None,
) -> xr.DataArray:
    """Count events in the pixels of a camera.

    Parameters
    ----------
    events : xarray.Dataset (EVENTS)
    camera : Camera
        Its pixel may be any size: this is the binning.
    band : (float, float), optional
        Measured energies that are counted; all unless given. [keV]

    Returns
    -------
    counts : xarray.DataArray
        (fov_lat, fov_lon).
    """
    EVENTS.check(events)
    if band is not None:
        energy = events["photon_energy"]
        inside = ((energy >= band[0]) & (energy < band[1])).values
        events = events.isel(event=inside)
    edges, centres = {}, {}
    for name in ("fov_lat", "fov_lon"):
        width = getattr(camera, name)
        number = max(1, round(width / camera.pixel))
        edges[name] = np.linspace(-width / 2.0, width / 2.0, number + 1)
        centres[name] = (np.arange(number) - (number - 1) / 2.0) * (
            width / number
        )
    counted, *_ = np.histogram2d(
        events["fov_lat"].values,
        events["fov_lon"].values,
        [edges["fov_lat"], edges["fov_lon"]],
    )
    return xr.DataArray(
        counted,
        dims=("fov_lat", "fov_lon"),
        coords=centres,
        name="counts",
        attrs={"units": "1", "long_name": "counts"},
    )


def _counts(image: xr.Dataset) -> np.ndarray:
    """Return whole numbers; nothing where a pixel is not known."""
    lacking = [
        name
        for name in ("counts", "expected_background", "exposure")
        if name not in image
    ]
    if lacking:
        raise ValueError(
            f"the image has no {', '.join(lacking)}; make them with sxi."
            "expose(sxi.expected_counts(image, response=...), rng=...)"
        )
    if image["counts"].ndim > 2:
        raise ValueError(
            "photons are drawn for one exposure, got an image with the "
            f"dimensions {image['counts'].dims}; select one with .isel(...)"
        )
    counts = image["counts"].transpose("fov_lat", "fov_lon").values
    counts = np.where(np.isnan(counts), 0.0, counts)
    if (counts < 0.0).any() or (counts % 1.0).any():
        raise ValueError(
            "counts must be whole numbers of photons, got "
            f"{counts.min():g} to {counts.max():g}; draw them with sxi.expose"
        )
    return counts.astype(int)


def _from_background(
    image: xr.Dataset,
    row: np.ndarray,
    column: np.ndarray,
    generator: np.random.Generator,
) -> np.ndarray:
    """Tell for each photon whether it is one of the background."""
    names = ("expected_background", "expected_counts")
    behind, both = (
        image[name].transpose("fov_lat", "fov_lon").values[row, column]
        for name in names
    )
    return generator.uniform(size=row.size) * both < behind


def _energies(
    response: xr.Dataset,
    sky: np.ndarray,
    spectrum: xr.DataArray | None,
    band: tuple[float, float],
    generator: np.random.Generator,
) -> np.ndarray:
    """Draw measured energies, evenly within a channel."""
    inside = fold.channels_in(response, band)
    low = response["channel_low"].values[inside]
    width = response["channel_high"].values[inside] - low
    source = fold.source_channels(response, spectrum)
    energy = np.empty(sky.size)
    for chosen, weights in (
        (~sky, source.values[inside]),
        (sky, background_channels(response).values[inside]),
    ):
        step = np.append(0.0, weights.cumsum())
        wanted = generator.uniform(0.0, step[-1], int(chosen.sum()))
        channel = np.searchsorted(step, wanted, side="right") - 1
        channel = channel.clip(0, low.size - 1)
        part = generator.uniform(size=channel.size)
        energy[chosen] = low[channel] + part * width[channel]
    return energy


def _stamped(
    columns: dict[str, np.ndarray], image: xr.Dataset, **settings: float
) -> xr.Dataset:
    events = xr.Dataset(
        {name: ("event", column) for name, column in columns.items()},
        attrs=settings,
    )
    events["exposure"] = float(image["exposure"])
    if "time" in image.coords:
        events = events.assign_coords(time=image["time"])
    return EVENTS.stamp(events)
