"""What each method assumes and tells, in words and names."""

from __future__ import annotations

from typing import Final

__all__ = [
    "ASSUMPTIONS",
    "CRITERIA",
    "DIMENSIONS",
    "EXTRAS",
    "MODELS",
    "OFF",
    "TELLS",
]

#: What is taken for granted, by family.
ASSUMPTIONS: Final = {
    "lin": (
        "a surface of Lin et al. (2010) at IMF Bz = 0, with its cusps, for "
        "the pressure that puts the nose there, times (2 / (1 + cos "
        "theta))^a with a = {:g} +- {:g} before the image"
    ),
    "shue": (
        "an axisymmetric surface r0 (2 / (1 + cos theta))^a without cusps, "
        "with a = {:g} +- {:g} before the image"
    ),
}

#: What each method adds to that.
CRITERIA: Final = {
    "tangent_fit": (
        "dark inside; the rim is where the brightness begins to lose the "
        "chord through the inside"
    ),
    "maximum": (
        "the brightest line of sight within a strip of {strip:g} deg along "
        "the Sun-Earth line grazes the surface"
    ),
    "gradient": (
        "the line of sight at the steepest rise of the brightness, on the "
        "side of Earth, within a strip of {strip:g} deg along the Sun-Earth "
        "line grazes the surface"
    ),
    "tangent_direction": (
        "the magnetopause is at rest while all images are taken; the "
        "brightest line of sight within a strip of {strip:g} deg along the "
        "Sun-Earth line grazes it; the surface only extrapolates from the "
        "tangents to the nose"
    ),
    "boundary_fit": (
        "between this surface and a bow shock of the form of Shue et al. the "
        "emissivity is that of {model}, dark inside; Poisson likelihood, "
        "amplitudes zero or above and profiled out, a flat background in "
        "counts and none in intensities; weak priors on the bow shock and on "
        "the fall of the emissivity, as in _boundary_model"
    ),
}
#: Emissivity of the boundary fit, by family.
MODELS: Final = {"lin": "CMEM", "shue": "Jorgensen et al. (2019)"}
#: Dimensions of what is no number.
DIMENSIONS: Final[dict[str, tuple[str, ...]]] = {
    "radius": ("angle",),
    "uncertainty": ("angle",),
    "parameter_value": ("parameter",),
    "parameter_uncertainty": ("parameter",),
    "correlation": ("parameter", "with_parameter"),
    "amplitude_value": ("amplitude",),
}
_DIRECTION: Final = (
    "elongation",
    "elongation_uncertainty",
    "axis_crossing",
    "tangent_angle",
)
#: What each method tells beyond the surface.
TELLS: Final[dict[str, tuple[str, ...]]] = {
    "tangent_fit": (),
    "maximum": _DIRECTION,
    "gradient": _DIRECTION,
    "tangent_direction": (
        "elongation",
        "elongation_uncertainty",
        "section_x",
        "section_distance",
        "section_uncertainty",
        "scatter",
        "images",
    ),
    "boundary_fit": (
        "bow_shock",
        "bow_shock_uncertainty",
        "misfit",
        "evaluations",
        "parameter_value",
        "parameter_uncertainty",
        "correlation",
        "amplitude_value",
        "degenerate",
    ),
}
OFF: Final = "SXI is off: the image has no values"
#: Units and labels of that.
EXTRAS: Final = {
    "azimuth": ("deg", "half plane of radius, from +Y toward +Z"),
    "dipole_tilt": ("deg", "dipole tilt assumed"),
    "elongation": ("deg", "angle from Earth to the tangent, toward the Sun"),
    "elongation_uncertainty": ("deg", "uncertainty of elongation"),
    "axis_crossing": (
        "R_E",
        "X where the tangent crosses the Sun-Earth line, not the standoff",
    ),
    "tangent_angle": ("deg", "angle of the tangent point from the X axis"),
    "section_x": ("R_E", "X of the cross-section, without a model"),
    "section_distance": ("R_E", "its distance from the X axis"),
    "section_uncertainty": ("R_E", "its uncertainty"),
    "scatter": ("R_E", "scatter of the single tangents' standoffs"),
    "images": ("1", "number of images used"),
    "bow_shock": ("R_E", "subsolar distance of the bow shock"),
    "bow_shock_uncertainty": ("R_E", "uncertainty of bow_shock"),
    "misfit": ("1", "Poisson deviance per degree of freedom"),
    "evaluations": ("1", "steps of the fit"),
    "correlation": ("1", "correlation of the parameters"),
    "degenerate": ("", "parameters that the image cannot tell apart"),
}
