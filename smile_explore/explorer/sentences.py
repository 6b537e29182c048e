"""What is seen in a picture, in words and numbers, by kind of picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import xarray as xr

from smile_explore.explorer.panels import Shown
from smile_explore.instruments import orbit
from smile_explore.views.style import origin, pretty
from smile_explore.views.words import nose

#: What is said of the data behind a picture; nothing if nothing was seen.
Sentence: TypeAlias = Callable[[xr.Dataset, Shown], str]


def _now(data: xr.Dataset, shown: Shown) -> xr.Dataset:
    return data.sel(time=shown.time, method="nearest")


def _clock(time: Any) -> str:
    return f"{np.datetime_as_string(time, unit='m')[11:]} UTC"


def _written(value: Any, units: str = "") -> str:
    """Return a number of three digits with its unit, or that it is none."""
    number = float(value)
    if not np.isfinite(number):
        return "not known"
    text = f"{number:.3g}" if abs(number) < 1000 else f"{number:.0f}"
    return f"{text} {pretty(units)}".rstrip()


def _length(vector: xr.DataArray) -> xr.DataArray:
    return (vector**2).sum("component", skipna=False) ** 0.5


def series(pick: Callable[[xr.Dataset], xr.DataArray], units: str) -> Sentence:
    """Say a value now, and its least and greatest in the event."""

    def sentence(data: xr.Dataset, s: Shown) -> str:
        values = pick(data)
        clock = s.observations.cuts.time.values[[0, -1]]
        event = values.sel(time=slice(*clock))
        if not np.isfinite(event).any():
            return ""
        now = values.sel(time=s.time, method="nearest")
        return (
            f"{_written(now, units)} at {_clock(s.time)}; in the event from "
            f"{_written(event.min())} to {_written(event.max(), units)}"
        )

    return sentence


def vector(data: xr.Dataset, s: Shown) -> str:
    """Say the components of a magnetic field."""
    field = _now(data, s).magnetic_field
    parts = ", ".join(
        f"B{c} {_written(field.sel(component=c), 'nT')}" for c in "xyz"
    )
    return f"{parts} at {_clock(s.time)}"


def wind(quantity: str) -> Sentence:
    """Say a quantity of the solar wind, and whether it was measured."""
    said: Sentence = vector
    if quantity == "speed":
        said = series(lambda data: _length(data.velocity), "km s-1")
    elif quantity != "magnetic field":
        name = quantity.replace(" ", "_")
        units = {"density": "cm-3", "dynamic_pressure": "nPa"}[name]
        said = series(lambda data: data[name], units)
    return lambda data, s: f"{said(data, s)}; {origin(data)}"


def protons(quantity: str, units: str) -> Sentence:
    """Say a moment of the protons as `series` does."""

    def pick(data: xr.Dataset) -> xr.DataArray:
        one = data.isel(species=0, estimate=0)
        return _length(one.velocity) if quantity == "speed" else one[quantity]

    return series(pick, units)


def cut(plane: str, up: str) -> Sentence:
    """Say where a cut of the cube is greatest, and where the nose is."""

    def sentence(data: xr.Dataset, s: Shown) -> str:
        field = data[f"{s.cut}_{plane}"].isel(time=0)
        if not np.isfinite(field).any():
            return ""
        most = field.isel(field.argmax(["x", up]))
        units = {"density": "cm-3", "emissivity": "eV cm-3 s-1"}[s.cut]
        told = nose(s.observations.standoff, s.time)
        return (
            f"{s.cut} at {_clock(s.time)} greatest at "
            f"x {most.x.item():.1f}, {up} {most[up].item():.1f} "
            f"{pretty('R_E')} with {_written(most, units)}. "
            f"{told.rstrip('.')}"
        )

    return sentence


def image(of: str) -> Sentence:
    """Say where an image is brightest: counts, or what it is an image of."""

    def sentence(data: xr.Dataset, s: Shown) -> str:
        quantity = "counts" if s.image == "counts" else of
        if quantity not in data or not np.isfinite(data[quantity]).any():
            return ""
        seen = data[quantity].isel(time=0)
        most = seen.isel(seen.argmax(["fov_lon", "fov_lat"]))
        units = {
            "counts": "counts",
            "radiance": "R",
            "intensity": "keV cm-2 s-1 sr-1",
        }
        return (
            f"at {_clock(s.time)} brightest at longitude "
            f"{most.fov_lon.item():.1f}°, latitude {most.fov_lat.item():.1f}° "
            f"from the boresight with {_written(most, units[quantity])}"
        )

    return sentence


def sight(data: xr.Dataset, _s: Shown) -> str:
    """Say how bright the line of sight is, and where it is brightest."""
    parts = data.intensity
    total = _written(parts.sum(), "keV cm-2 s-1 sr-1")
    far = _written(data.distance[int(parts.argmax("distance"))], "R_E")
    return f"{_pixel(data)}: {total}, brightest {far} from SMILE"


def lines(data: xr.Dataset, _s: Shown) -> str:
    """Say which line is the brightest."""
    if "photons" not in data:
        return f"{_pixel(data)}: not known"
    most = data.isel(line=data.photons.argmax("line"))
    return (
        f"{_pixel(data)}: brightest at "
        f"{_written(most.photon_energy, 'keV')} with "
        f"{_written(most.photons, 'cm-2 s-1 sr-1')}"
    )


def spectrum(data: xr.Dataset, _s: Shown) -> str:
    """Say how many counts are expected, and at which energy most are."""
    if "channel_counts" not in data:
        return f"{_pixel(data)}: not known"
    counts = data.channel_counts.sum("part")
    most = data.channel_energy[int(counts.argmax("channel"))]
    return (
        f"{_pixel(data)}: {_written(counts.sum(), 'counts')} expected, most "
        f"at {_written(most, 'keV')}"
    )


def _pixel(data: xr.Dataset) -> str:
    if "pixels" in data:
        return f"of the {data.pixels.item()} pixels in the box"
    return (
        f"of the pixel at longitude {data.fov_lon.item():.1f}°, latitude "
        f"{data.fov_lat.item():.1f}°"
    )


def polar(data: xr.Dataset, s: Shown) -> str:
    """Say where the aurora is brightest."""
    light = data.radiance.isel(time=0)
    if not np.isfinite(light).any():
        return ""
    most = light.isel(light.argmax(["mlat", "mlt"]))
    return (
        f"at {_clock(s.time)} brightest at {most.mlt.item():.1f} h MLT, "
        f"{most.mlat.item():.1f}° magnetic latitude, with "
        f"{most.item() / 1000:.2f} kR"
    )


def keogram(data: xr.Dataset, s: Shown) -> str:
    """Say where it is brightest at the local time of the keogram."""
    light = _now(data, s).radiance.isel(mlt=0)
    if not np.isfinite(light).any():
        return ""
    most = light.isel(mlat=light.argmax("mlat"))
    return (
        f"at {data.mlt.item():.1f} h MLT and {_clock(s.time)} brightest at "
        f"{most.mlat.item():.1f}° with {most.item() / 1000:.2f} kR"
    )


def spectrogram(data: xr.Dataset, s: Shown) -> str:
    """Say at which energy most flux is."""
    flux = _now(data, s).energy_flux
    if not np.isfinite(flux).any():
        return ""
    most = flux.isel(energy=flux.argmax("energy"))
    return (
        f"at {_clock(s.time)} most at {_written(most.energy, 'eV')} with "
        f"{most.item():.2g} {pretty('eV cm-2 s-1 sr-1 eV-1')}"
    )


def distribution(data: xr.Dataset, s: Shown) -> str:
    """Say from where and at which energy most flux is."""
    flux = data.vdf.isel(time=0) * data.energy**2  # single counts stay small
    if not np.isfinite(flux).any():
        return ""
    most = flux.isel(flux.argmax(["energy", "elevation", "azimuth"]))
    return (
        f"at {_clock(s.time)} most energy flux at "
        f"{_written(most.energy, 'eV')}, elevation "
        f"{most.elevation.item():.0f}°, azimuth {most.azimuth.item():.0f}°"
    )


def hodogram(data: xr.Dataset, _s: Shown) -> str:
    """Say how the field turns through the nearest boundary."""
    along = (data.magnetic_field * data.tangent).sum("component")
    through = (data.magnetic_field * data.normal).sum("component")
    return (
        f"from {_clock(data.time.values[0])} to "
        f"{_clock(data.time.values[-1])} the field along the boundary goes "
        f"from {_written(along[0])} to {_written(along[-1], 'nT')}, that "
        f"through it is {_written(through.mean(), 'nT')}"
    )


def place(data: xr.Dataset, s: Shown) -> str:
    """Say where SMILE is."""
    at = _now(data, s).position
    x, y, z = (at.sel(component=c).item() for c in "xyz")
    return (
        f"SMILE at {_clock(s.time)} {_written(_length(at), 'R_E')} from "
        f"Earth, at x {x:.1f}, y {y:.1f}, z {z:.1f} {pretty('R_E')}"
    )


def region(data: xr.Dataset, s: Shown) -> str:
    """Say on which side of the magnetopause SMILE is, and what it sees."""
    one = _now(data, s)
    side = "outside" if bool(one.outside_magnetopause) else "inside"
    seen = "in" if bool(one.nose_in_sxi) else "not in"
    return (
        f"at {_clock(s.time)} SMILE is {side} the magnetopause, "
        f"{_written(one.altitude, 'km')} high; the nose is {seen} SXI's "
        f"field, {_written(one.nose_angle)}° from its boresight"
    )


def angles(data: xr.Dataset, s: Shown) -> str:
    """Say how far Sun and Earth are from the boresight."""
    one = _now(data, s)
    return (
        f"at {_clock(s.time)} the boresight is {_written(one.sun_angle)}° "
        f"from the Sun, {_written(one.limb_angle)}° from Earth's limb"
    )


def standoff(_data: xr.Dataset, s: Shown) -> str:
    """Say where the nose is."""
    told = nose(s.observations.standoff, s.time)
    return f"at {_clock(s.time)}: {told.rstrip('.')}"


def mode(data: xr.Dataset, s: Shown) -> str:
    """Say which instruments are on."""
    return f"{orbit.mode(_now(data, s)).item()} at {_clock(s.time)}"


def rates(data: xr.Dataset, s: Shown) -> str:
    """Say how much flux is opened and closed."""
    one = _now(data, s)
    return (
        f"at {_clock(s.time)} opened {_written(one.opening / 1e3, 'kV')}, "
        f"closed {_written(one.closing / 1e3, 'kV')}"
    )


def way(data: xr.Dataset, s: Shown) -> str:
    """Say how far the front of the ejection has come."""
    first, last = data.time.values[[0, -1]]
    time = min(max(s.time, first), last)
    far = data.distance.sel(model="drag-based").interp(time=time)
    return (
        f"at {_clock(time)} the front is {_written(far.min())} to "
        f"{_written(far.max(), 'AU')} from the Sun, by first speeds of "
        f"{_written(data.first_speed.min())} to "
        f"{_written(data.first_speed.max(), 'km s-1')}"
    )


def sun(data: xr.Dataset, _s: Shown) -> str:
    """Say which eruptions are known."""
    return f"known are {', '.join(dict.fromkeys(data.eruption.values))}"
