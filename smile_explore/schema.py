"""Names, units and dimensions of everything that travels between floors.

A function that takes a dataset from another floor starts with
``CUBE.check(cube)``; one that returns a dataset ends with
``return CUBE.stamp(cube)``. Arithmetic on xarray objects keeps stale units
(``v**2`` still says km s-1), so units are trusted only on stamped data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

__all__ = [
    "AURORA",
    "COMPONENTS",
    "CROSSINGS",
    "CUBE",
    "CUSP",
    "CUTS",
    "EUV_IMAGE",
    "EVENTS",
    "FLUX_BUDGET",
    "MAGNETIC_FIELD",
    "MAGNETOPAUSE",
    "OVAL",
    "MOMENTS",
    "POINTING",
    "POLAR_CAP",
    "PROFILE",
    "RESPONSE",
    "SIGHT",
    "SOLAR_WIND",
    "SPECTRUM",
    "STANDOFF",
    "SXI_IMAGE",
    "TRAJECTORY",
    "UVI_IMAGE",
    "UV_MAP",
    "VDF",
    "Schema",
    "Variable",
]

COMPONENTS = ("x", "y", "z")


@dataclass(frozen=True)
class Variable:
    """One named quantity: its dimensions, its unit, and its label."""

    dims: tuple[str, ...]
    units: str
    long_name: str
    required: bool = True


@dataclass(frozen=True)
class Schema:
    """The variables a dataset must have; further dimensions may lead them.

    Parameters
    ----------
    name : str
        Name used in messages, e.g. ``"CUBE"``.
    variables : mapping of str to Variable
        Data variables. Those not required are checked only when present.
    axes : mapping of str to Variable
        Coordinates along a dimension of the same name.
    """

    name: str
    variables: Mapping[str, Variable]
    axes: Mapping[str, Variable] = field(default_factory=dict)

    def check(self, data: xr.Dataset) -> None:
        """Refuse a dataset that is not of this schema, and say why.

        Raises
        ------
        TypeError
            If `data` is no dataset.
        ValueError
            If a variable, a dimension or an axis is missing, a unit differs,
            or an axis is not finite and increasing.
        """
        if not isinstance(data, xr.Dataset):
            raise TypeError(
                f"{self.name} must be an xarray.Dataset, "
                f"got {type(data).__name__}"
            )
        missing = [
            name
            for name, variable in self.variables.items()
            if variable.required and name not in data
        ]
        if missing:
            raise ValueError(
                f"{self.name} lacks {', '.join(missing)}; it has "
                f"{', '.join(map(str, data.data_vars)) or 'no variables'}"
            )
        for name, variable in self.variables.items():
            if name in data:
                self._check_variable(data[name], variable)
        for name, axis in self.axes.items():
            self._check_axis(data, name, axis)

    def stamp(self, data: xr.Dataset) -> xr.Dataset:
        """Return `data` with the schema's order of dimensions and its units.

        Variables that the schema does not know are kept as they are.
        """
        self.check(data.map(_without_units, keep_attrs=False))
        stamped = data.copy()
        for name, variable in {**self.variables, **self.axes}.items():
            if name not in stamped.variables:
                continue
            if name in self.variables:
                _put_last(stamped, name, variable.dims)
            stamped[name].attrs.update(
                units=variable.units, long_name=variable.long_name
            )
        stamped.attrs["schema"] = self.name
        return stamped

    def _check_variable(self, array: xr.DataArray, variable: Variable) -> None:
        lacking = [dim for dim in variable.dims if dim not in array.dims]
        if lacking:
            raise ValueError(
                f"{self.name}: {array.name} must have the dimensions "
                f"{variable.dims}, got {tuple(array.dims)}"
            )
        _check_units(self.name, array, variable)

    def _check_axis(self, data: xr.Dataset, name: str, axis: Variable) -> None:
        if name not in data.coords:
            raise ValueError(
                f"{self.name} lacks the coordinate {name} [{axis.units}]"
            )
        _check_units(self.name, data[name], axis)
        values = data[name].values
        if not np.isfinite(values).all():
            raise ValueError(
                f"{self.name}: the axis {name} must be finite, it holds "
                f"{int((~np.isfinite(values)).sum())} NaN or infinite values"
            )
        if values.size > 1 and not (np.diff(values) > 0).all():
            raise ValueError(
                f"{self.name}: the axis {name} must increase from sample to "
                f"sample; sort the data with .sortby({name!r})"
            )


def _check_units(schema: str, array: xr.DataArray, variable: Variable) -> None:
    units = array.attrs.get("units", variable.units)
    if units != variable.units:
        raise ValueError(
            f"{schema}: {array.name} must be in {variable.units}, got "
            f"{units}; convert it, then stamp it with {schema}.stamp(data)"
        )


def _put_last(data: xr.Dataset, name: str, dims: tuple[str, ...]) -> None:
    """Order the dimensions; most are in order already, and it is not free."""
    if dims and data[name].dims[-len(dims) :] != dims:
        data[name] = data[name].transpose(..., *dims)


def _without_units(array: xr.DataArray) -> xr.DataArray:
    bare = array.copy(deep=False)
    bare.attrs = {k: v for k, v in array.attrs.items() if k != "units"}
    return bare


_X, _Y, _Z = (
    Variable((axis,), "R_E", f"{axis.upper()} GSM") for axis in "xyz"
)
_GRID = ("x", "y", "z")
_LON = Variable(("fov_lon",), "deg", "field-of-view longitude")
_LAT = Variable(("fov_lat",), "deg", "field-of-view latitude")

SOLAR_WIND = Schema(
    "SOLAR_WIND",
    {
        "density": Variable((), "cm-3", "proton density"),
        "velocity": Variable(("component",), "km s-1", "velocity"),
        "temperature": Variable((), "eV", "proton temperature"),
        "magnetic_field": Variable(("component",), "nT", "magnetic field"),
        "dynamic_pressure": Variable((), "nPa", "dynamic pressure"),
    },
)

CUBE = Schema(
    "CUBE",
    {
        "density": Variable(_GRID, "cm-3", "plasma density"),
        "velocity": Variable((*_GRID, "component"), "km s-1", "velocity"),
        "temperature": Variable(_GRID, "eV", "temperature (ions + electrons)"),
        "magnetic_field": Variable(
            (*_GRID, "component"), "nT", "magnetic field"
        ),
        "solar_wind_fraction": Variable(
            _GRID, "1", "share of solar wind plasma", required=False
        ),
    },
    {"x": _X, "y": _Y, "z": _Z},
)

TRAJECTORY = Schema(
    "TRAJECTORY",
    {
        "position": Variable(("component",), "R_E", "position"),
        "velocity": Variable(("component",), "km s-1", "velocity"),
    },
)

POINTING = Schema(
    "POINTING",
    {
        "position": Variable(("component",), "R_E", "position"),
        "boresight": Variable(("component",), "1", "boresight direction"),
        "up": Variable(("component",), "1", "direction of +fov_lat"),
    },
)

_IMAGE = ("fov_lat", "fov_lon")
SXI_IMAGE = Schema(
    "SXI_IMAGE",
    {
        "intensity": Variable(_IMAGE, "keV cm-2 s-1 sr-1", "X-ray intensity"),
        "expected_counts": Variable(
            _IMAGE, "1", "expected counts", required=False
        ),
        "expected_background": Variable(
            _IMAGE, "1", "expected counts of the background", required=False
        ),
        "counts": Variable(_IMAGE, "1", "counts", required=False),
        "exposure": Variable((), "s", "exposure", required=False),
    },
    {"fov_lat": _LAT, "fov_lon": _LON},
)

#: Images of the plasmasphere at 30.4 nm.
EUV_IMAGE = Schema(
    "EUV_IMAGE",
    {
        "radiance": Variable(_IMAGE, "R", "radiance at 30.4 nm"),
        "expected_counts": Variable(
            _IMAGE, "1", "expected photons counted", required=False
        ),
        "exposure": Variable((), "s", "exposure", required=False),
    },
    {"fov_lat": _LAT, "fov_lon": _LON},
)

EVENTS = Schema(
    "EVENTS",
    {
        "elapsed": Variable(("event",), "s", "time since the exposure began"),
        "frame": Variable(("event",), "1", "number of the CCD frame"),
        "fov_lon": Variable(("event",), "deg", "field-of-view longitude"),
        "fov_lat": Variable(("event",), "deg", "field-of-view latitude"),
        "photon_energy": Variable(("event",), "keV", "energy measured"),
        "exposure": Variable((), "s", "exposure"),
    },
)

_ENERGY, _CHANNEL = ("photon_energy",), ("channel",)
#: The X-ray response: each variable is a table that can be replaced.
RESPONSE = Schema(
    "RESPONSE",
    {
        "energy_low": Variable(_ENERGY, "keV", "lower edge of the bin"),
        "energy_high": Variable(_ENERGY, "keV", "upper edge of the bin"),
        "optic_area": Variable(_ENERGY, "cm2", "area of the optic"),
        "quantum_efficiency": Variable(_ENERGY, "1", "quantum efficiency"),
        "filter_transmission": Variable(_ENERGY, "1", "filter transmission"),
        "channel_low": Variable(_CHANNEL, "keV", "lower edge of the channel"),
        "channel_high": Variable(_CHANNEL, "keV", "upper edge of the channel"),
        "redistribution": Variable(
            (*_ENERGY, *_CHANNEL), "1", "share of photons in the channel"
        ),
        "psf": Variable(("psf_lat", "psf_lon"), "1", "share of photons"),
        "vignetting": Variable(
            ("vignetting_lat", "vignetting_lon"), "1", "share of the area"
        ),
        "chips": Variable(("chip", "edge"), "deg", "edge of a CCD"),
        "sky": Variable(
            ("sky_component", "sky_energy"), "cm-2 s-1 sr-1", "sky photons"
        ),
        "particles": Variable(
            _CHANNEL, "s-1 cm-2", "counts of particles on the detector"
        ),
    },
    {
        "photon_energy": Variable(_ENERGY, "keV", "photon energy"),
        "channel": Variable(_CHANNEL, "1", "channel"),
        "psf_lon": Variable(("psf_lon",), "deg", "offset toward +fov_lon"),
        "psf_lat": Variable(("psf_lat",), "deg", "offset toward +fov_lat"),
        "vignetting_lon": Variable(
            ("vignetting_lon",), "deg", "field-of-view longitude"
        ),
        "vignetting_lat": Variable(
            ("vignetting_lat",), "deg", "field-of-view latitude"
        ),
        "sky_energy": Variable(("sky_energy",), "keV", "photon energy"),
    },
)

MAGNETOPAUSE = Schema(
    "MAGNETOPAUSE",
    {
        "radius": Variable(("angle",), "R_E", "distance of the magnetopause"),
        "uncertainty": Variable(("angle",), "R_E", "uncertainty of radius"),
        "standoff": Variable((), "R_E", "subsolar standoff distance"),
        "standoff_uncertainty": Variable(
            (), "R_E", "uncertainty of the standoff distance"
        ),
    },
    {"angle": Variable(("angle",), "deg", "angle from the Sun-Earth line")},
)

_EDGE = ("edge",)
#: Along `edge`, which is "equatorward" and "poleward".
CUSP = Schema(
    "CUSP",
    {
        "angle": Variable(_EDGE, "deg", "angle from +X in the noon meridian"),
        "position": Variable((*_EDGE, "component"), "R_E", "edge of the cusp"),
        "latitude": Variable(_EDGE, "deg", "magnetic latitude, through noon"),
        "invariant_latitude": Variable(
            _EDGE, "deg", "latitude of the foot of a dipole line"
        ),
        "uncertainty": Variable(
            _EDGE, "R_E", "uncertainty along the meridian", required=False
        ),
        "fov_lon": Variable(_EDGE, "deg", _LON.long_name, required=False),
        "fov_lat": Variable(_EDGE, "deg", _LAT.long_name, required=False),
        "radius": Variable((), "R_E", "distance at which the edges are"),
    },
)

STANDOFF = Schema(
    "STANDOFF",
    {
        "standoff": Variable(("estimate",), "R_E", "standoff distance"),
        "uncertainty": Variable(
            ("estimate",), "R_E", "uncertainty of standoff", required=False
        ),
    },
)

_NOON, _EQUATOR = ("z", "x"), ("y", "x")
CUTS = Schema(
    "CUTS",
    {
        "density_noon": Variable(_NOON, "cm-3", "density"),
        "density_equator": Variable(_EQUATOR, "cm-3", "density"),
        "emissivity_noon": Variable(_NOON, "eV cm-3 s-1", "emissivity"),
        "emissivity_equator": Variable(_EQUATOR, "eV cm-3 s-1", "emissivity"),
        "boundary_noon": Variable(
            ("boundary", "theta"), "R_E", "distance of a model boundary"
        ),
        "boundary_equator": Variable(
            ("boundary", "theta"), "R_E", "distance of a model boundary"
        ),
    },
    {
        "x": _X,
        "y": _Y,
        "z": _Z,
        "theta": Variable(("theta",), "deg", "angle from +X"),
    },
)

_SZA = ("deg", "solar zenith angle at the height of the aurora")
_VZA = ("deg", "view zenith angle at the height of the aurora")
_MAGNETIC = ("mlat", "mlt")
_MLAT = Variable(("mlat",), "deg", "modified apex latitude")
_MLT = Variable(("mlt",), "h", "magnetic local time")
#: Electrons and their light; of a measured aurora there may be light alone.
AURORA = Schema(
    "AURORA",
    {
        "energy_flux": Variable(
            _MAGNETIC, "mW m-2", "energy flux of electrons", required=False
        ),
        "mean_energy": Variable(
            _MAGNETIC, "keV", "mean energy of electrons", required=False
        ),
        "radiance": Variable(_MAGNETIC, "R", "LBH-long radiance from above"),
    },
    {"mlat": _MLAT, "mlt": _MLT},
)

#: Every pixel may say what it sees at the height of the aurora.
UVI_IMAGE = Schema(
    "UVI_IMAGE",
    {
        "radiance": Variable(_IMAGE, "R", "radiance along the line of sight"),
        "uncertainty": Variable(
            _IMAGE, "R", "uncertainty of radiance", required=False
        ),
        "dayglow": Variable(_IMAGE, "R", "dayglow in radiance", False),
        "expected_counts": Variable(_IMAGE, "1", "expected counts", False),
        "counts": Variable(_IMAGE, "1", "counts", False),
        "exposure": Variable((), "s", "exposure", False),
        "glat": Variable(_IMAGE, "deg", "geodetic latitude", False),
        "glon": Variable(_IMAGE, "deg", "geographic longitude", False),
        "mlat": Variable(_IMAGE, "deg", "modified apex latitude", False),
        "mlt": Variable(_IMAGE, "h", "magnetic local time", False),
        "solar_zenith_angle": Variable(_IMAGE, *_SZA, False),
        "view_zenith_angle": Variable(_IMAGE, *_VZA, False),
    },
    {"fov_lat": _LAT, "fov_lon": _LON},
)

#: An image on a magnetic grid, whose axes are the centres of its cells.
UV_MAP = Schema(
    "UV_MAP",
    {
        "radiance": Variable(_MAGNETIC, "R", "radiance along the sight"),
        "uncertainty": Variable(
            _MAGNETIC, "R", "uncertainty of radiance", required=False
        ),
        "coverage": Variable(_MAGNETIC, "1", "share of the cell that is seen"),
        "solar_zenith_angle": Variable(_MAGNETIC, *_SZA, False),
        "view_zenith_angle": Variable(_MAGNETIC, *_VZA, False),
    },
    {"mlat": _MLAT, "mlt": _MLT},
)

_SECTOR = ("mlt",)
#: Edges of the auroral oval in sectors of local time; NaN where not found.
OVAL = Schema(
    "OVAL",
    {
        "poleward": Variable(_SECTOR, "deg", "poleward edge of the oval"),
        "equatorward": Variable(
            _SECTOR, "deg", "equatorward edge of the oval"
        ),
        "poleward_uncertainty": Variable(
            _SECTOR, "deg", "uncertainty of the poleward edge"
        ),
        "equatorward_uncertainty": Variable(
            _SECTOR, "deg", "uncertainty of the equatorward edge"
        ),
        "peak": Variable(_SECTOR, "deg", "latitude of the brightest aurora"),
        "height": Variable(_SECTOR, "R", "brightness above the background"),
        "gaussians": Variable(_SECTOR, "1", "number of Gaussians"),
        "status": Variable(_SECTOR, "", "found, or why not"),
        "found": Variable((), "1", "sectors with an edge"),
    },
    {"mlt": _MLT},
)

#: A circle or ellipse through one edge of the oval, on a plane of colatitude
#: and local time with dawn at the right and noon up, and what it encloses.
POLAR_CAP = Schema(
    "POLAR_CAP",
    {
        "dawn_offset": Variable((), "deg", "offset of the centre to dawn"),
        "noon_offset": Variable((), "deg", "offset of the centre to noon"),
        "semi_major": Variable((), "deg", "greater half axis"),
        "semi_minor": Variable((), "deg", "lesser half axis"),
        "orientation": Variable(
            (), "deg", "greater axis from dawn toward noon"
        ),
        "radius": Variable((), "deg", "radius of the circle of equal area"),
        "radius_uncertainty": Variable((), "deg", "uncertainty of radius"),
        "scatter": Variable((), "deg", "rms distance of the edges"),
        "sectors": Variable((), "1", "edges used"),
        "flux": Variable((), "Wb", "magnetic flux enclosed"),
        "flux_uncertainty": Variable((), "Wb", "uncertainty of flux"),
        "status": Variable((), "", "found, or why not"),
    },
)

#: How fast a polar cap grows, beside what the solar wind opens.
FLUX_BUDGET = Schema(
    "FLUX_BUDGET",
    {
        "flux": Variable((), "Wb", "magnetic flux of the polar cap"),
        "rate": Variable((), "V", "rate of change of the flux"),
        "rate_uncertainty": Variable((), "V", "uncertainty of the rate"),
        "opening": Variable((), "V", "flux opened on the dayside"),
        "closing": Variable((), "V", "flux closed in the tail"),
        "coupling": Variable(
            (), "(km s-1)^(4/3) nT^(2/3)", "Newell coupling function"
        ),
    },
)

_ALONG = ("distance",)
#: Light along one line of sight.
PROFILE = Schema(
    "PROFILE",
    {
        "emissivity": Variable(_ALONG, "eV cm-3 s-1", "emissivity"),
        "intensity": Variable(
            _ALONG, "keV cm-2 s-1 sr-1", "part of the intensity"
        ),
        "position": Variable((*_ALONG, "component"), "R_E", "position"),
        "beyond": Variable((), "keV cm-2 s-1 sr-1", "intensity from beyond"),
    },
    {"distance": Variable(_ALONG, "R_E", "distance from SMILE")},
)

#: A pixel that was picked: its line of sight, and its spectrum.
SIGHT = Schema(
    "SIGHT",
    {
        **PROFILE.variables,
        "crossing": Variable(("boundary",), "R_E", "distance of a boundary"),
        "share": Variable(("region",), "1", "share of the light"),
        "photons": Variable(
            ("line",), "cm-2 s-1 sr-1", "photons of a line", required=False
        ),
        "photon_energy": Variable(
            ("line",), "keV", "photon energy", required=False
        ),
        "channel_counts": Variable(
            ("part", "channel"), "1", "counts expected", required=False
        ),
        "channel_energy": Variable(
            ("channel",), "keV", "energy measured", required=False
        ),
    },
    PROFILE.axes,
)
_STEP, _ELEVATION, _AZIMUTH = ("energy",), ("elevation",), ("azimuth",)
_BINS = ("energy", "elevation", "azimuth")
#: Ions by energy per charge and direction of their velocity, in the frame
#: that ``vdf.attrs["frame"]`` names: elevation from its x-y plane toward +z,
#: azimuth from +x toward +y, from 0 to 360 deg. A detector looks the other
#: way. Edges may depend on the energy, a mask on the azimuth, too.
VDF = Schema(
    "VDF",
    {
        "vdf": Variable(_BINS, "s3 m-6", "phase space density"),
        "energy_low": Variable(_STEP, "eV", "low edge"),
        "energy_high": Variable(_STEP, "eV", "high edge"),
        "elevation_low": Variable(_ELEVATION, "deg", "low edge"),
        "elevation_high": Variable(_ELEVATION, "deg", "high edge"),
        "azimuth_low": Variable(_AZIMUTH, "deg", "low edge"),
        "azimuth_high": Variable(_AZIMUTH, "deg", "high edge"),
        "measured": Variable(
            ("energy", "elevation"), "1", "bin was measured", required=False
        ),
        "counts": Variable(_BINS, "1", "counts", required=False),
        "one_count": Variable(
            ("energy", "elevation"),
            "s3 m-6",
            "phase space density of one count",
            required=False,
        ),
        "background": Variable(
            (), "1", "expected background counts in a bin", required=False
        ),
        "spacecraft_potential": Variable(
            (), "V", "spacecraft potential", required=False
        ),
        "accumulation": Variable(
            (), "s", "time that one distribution takes", required=False
        ),
    },
    {
        "energy": Variable(_STEP, "eV", "energy per charge"),
        "elevation": Variable(_ELEVATION, "deg", "elevation of the velocity"),
        "azimuth": Variable(_AZIMUTH, "deg", "azimuth of the velocity"),
    },
)

#: Energy flux of ions, mean over all directions measured.
SPECTRUM = Schema(
    "SPECTRUM",
    {
        "energy_flux": Variable(
            _STEP, "eV cm-2 s-1 sr-1 eV-1", "ion energy flux"
        ),
        "energy_low": Variable(_STEP, "eV", "low edge"),
        "energy_high": Variable(_STEP, "eV", "high edge"),
    },
    {"energy": Variable(_STEP, "eV", "energy per charge")},
)

_TENSOR = ("component", "with_component")
#: Leading dimensions may be `time`, `species` (H+, He++) and `estimate`
#: (plain, corrected, fit); a vector's frame is in its ``attrs["frame"]``.
MOMENTS = Schema(
    "MOMENTS",
    {
        "density": Variable((), "cm-3", "density"),
        "velocity": Variable(("component",), "km s-1", "velocity"),
        "temperature": Variable((), "eV", "temperature"),
        "temperature_tensor": Variable(
            _TENSOR, "eV", "temperature tensor", required=False
        ),
        "heat_flux": Variable(
            ("component",), "mW m-2", "heat flux", required=False
        ),
        "density_uncertainty": Variable(
            (), "cm-3", "counting uncertainty of density", required=False
        ),
        "velocity_uncertainty": Variable(
            ("component",),
            "km s-1",
            "counting uncertainty of velocity",
            required=False,
        ),
        "temperature_uncertainty": Variable(
            (), "eV", "counting uncertainty of temperature", required=False
        ),
        "temperature_tensor_uncertainty": Variable(
            _TENSOR,
            "eV",
            "counting uncertainty of temperature_tensor",
            required=False,
        ),
        "heat_flux_uncertainty": Variable(
            ("component",),
            "mW m-2",
            "counting uncertainty of heat_flux",
            required=False,
        ),
        "density_valid": Variable((), "1", "density holds", required=False),
        "velocity_valid": Variable((), "1", "velocity holds", required=False),
        "temperature_valid": Variable(
            (), "1", "temperature holds", required=False
        ),
        "heat_flux_valid": Variable(
            (), "1", "heat flux holds", required=False
        ),
    },
)

MAGNETIC_FIELD = Schema(
    "MAGNETIC_FIELD",
    {
        "magnetic_field": Variable(("component",), "nT", "magnetic field"),
        "saturated": Variable(
            (), "1", "a sensor was beyond its range", required=False
        ),
        "direction_uncertainty": Variable(
            (),
            "deg",
            "half angle of the cone that holds the direction",
            required=False,
        ),
    },
)

_ROW, _ROW_VECTOR = ("crossing",), ("crossing", "component")
#: One row for each boundary that a spacecraft crossed; the coordinate `time`
#: along `crossing` says when. Vectors are GSM, normals point outward; NaN is
#: what could not be known.
CROSSINGS = Schema(
    "CROSSINGS",
    {
        "boundary": Variable(_ROW, "1", "which boundary"),
        "direction": Variable(_ROW, "1", "inbound or outbound"),
        "score": Variable(_ROW, "1", "significance of the step"),
        "quality": Variable(_ROW, "1", "tests passed, of all that were made"),
        "notes": Variable(_ROW, "1", "notes"),
        "position": Variable(_ROW_VECTOR, "R_E", "position"),
        "normal": Variable(_ROW_VECTOR, "1", "normal from the measurements"),
        "tangent": Variable(
            _ROW_VECTOR, "1", "direction in the boundary of most variance"
        ),
        "normal_method": Variable(_ROW, "1", "how the normal was found"),
        "normal_uncertainty": Variable(
            _ROW, "deg", "statistical uncertainty of the normal"
        ),
        "eigenvalue_ratio": Variable(
            _ROW, "1", "intermediate over least variance"
        ),
        "normal_field": Variable(_ROW, "nT", "magnetic field along normal"),
        "normal_field_uncertainty": Variable(
            _ROW, "nT", "uncertainty of normal_field"
        ),
        "normal_shue": Variable(
            _ROW_VECTOR, "1", "normal of the magnetopause of Shue et al."
        ),
        "normal_model": Variable(
            _ROW_VECTOR,
            "1",
            "normal of Lin et al., or at the shock of Jelinek et al.",
        ),
        "angle_shue": Variable(_ROW, "deg", "normal to normal_shue"),
        "angle_model": Variable(_ROW, "deg", "normal to normal_model"),
        "frame_velocity": Variable(
            _ROW_VECTOR, "km s-1", "velocity of the de Hoffmann-Teller frame"
        ),
        "frame_velocity_uncertainty": Variable(
            _ROW_VECTOR, "km s-1", "uncertainty of frame_velocity"
        ),
        "frame_correlation": Variable(
            _ROW, "1", "correlation of the fields -v x B and -V_HT x B"
        ),
        "frame_residual": Variable(
            _ROW, "1", "electric field left over in that frame, squared share"
        ),
        "boundary_speed": Variable(
            _ROW, "km s-1", "speed of the boundary along normal, outward"
        ),
        "boundary_speed_uncertainty": Variable(
            _ROW, "km s-1", "uncertainty of boundary_speed"
        ),
        "walen_slope": Variable(_ROW, "1", "slope of the Walen relation"),
        "walen_slope_uncertainty": Variable(
            _ROW, "1", "uncertainty of walen_slope"
        ),
        "walen_correlation": Variable(
            _ROW, "1", "correlation of the Walen relation"
        ),
        "standoff_shue": Variable(
            _ROW, "R_E", "nose of the surface of Shue et al. through here"
        ),
        "standoff_model": Variable(
            _ROW, "R_E", "nose of the other model's surface through here"
        ),
    },
)
