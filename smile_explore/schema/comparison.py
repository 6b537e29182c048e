"""The same solar wind through several models."""

from __future__ import annotations

from smile_explore.schema.core import Schema, Variable
from smile_explore.schema.xray import LAT, LON

__all__ = ["COMPARISON"]

_IMAGE = ("model", "fov_lat", "fov_lon")
_NOON, _EQUATOR = ("model", "z", "x"), ("model", "y", "x")
_BY_ESTIMATE = ("model", "estimate")
_KEV = "keV cm-2 s-1 sr-1"
_AXIS = {
    axis: Variable((axis,), "R_E", f"{axis.upper()} GSM") for axis in "xyz"
}

#: Along `model`, the first of which is the reference of all differences.
COMPARISON = Schema(
    "COMPARISON",
    {
        "intensity": Variable(_IMAGE, _KEV, "X-ray intensity"),
        "intensity_difference": Variable(
            _IMAGE, _KEV, "X-ray intensity less that of the reference"
        ),
        "expected_counts": Variable(_IMAGE, "1", "expected counts"),
        "emissivity_noon": Variable(_NOON, "eV cm-3 s-1", "emissivity"),
        "emissivity_equator": Variable(_EQUATOR, "eV cm-3 s-1", "emissivity"),
        "ratio_noon": Variable(
            _NOON, "1", "log10 of the emissivity over that of the reference"
        ),
        "ratio_equator": Variable(
            _EQUATOR, "1", "log10 of the emissivity over that of the reference"
        ),
        "standoff": Variable(_BY_ESTIMATE, "R_E", "standoff distance"),
        "uncertainty": Variable(_BY_ESTIMATE, "R_E", "uncertainty"),
        "standoff_difference": Variable(
            _BY_ESTIMATE, "R_E", "standoff less that of the reference"
        ),
        "peak_intensity": Variable(("model",), _KEV, "peak intensity"),
        "mean_intensity": Variable(("model",), _KEV, "mean intensity"),
        "relative_difference": Variable(
            ("model",), "1", "excess of the mean intensity"
        ),
        "rms_difference": Variable(
            ("model",), "1", "rms difference of the images"
        ),
        "correlation": Variable(("model",), "1", "correlation of the images"),
        "total_counts": Variable(("model",), "1", "counts expected in all"),
    },
    {**_AXIS, "fov_lat": LAT, "fov_lon": LON},
)
