"""Ions and field where a spacecraft is."""

from __future__ import annotations

from smile_explore.schema.core import Schema, Variable

__all__ = ["CROSSINGS", "MAGNETIC_FIELD", "MOMENTS", "SPECTRUM", "VDF"]

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

#: A magnetic field where it was measured, along `time`.
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
