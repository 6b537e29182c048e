"""The cusp's edges are those of funnels that are known exactly."""

import numpy as np
import pytest
import xarray as xr
from scipy.optimize import brentq

from smile_explore.constants import PROTON_MASS
from smile_explore.data import mhd, samples
from smile_explore.instruments import camera, sxi
from smile_explore.physics import boundaries, charge_exchange, masks
from smile_explore.physics import emissivity_rays as kernel
from smile_explore.physics.magnetosphere import analytic_cube
from smile_explore.retrieval import _boundary_model as model
from smile_explore.retrieval import cusp
from smile_explore.retrieval._cusp_fit import CuspedFamily
from smile_explore.schema import SXI_IMAGE

RADIUS, TILT = 6.5, 15.0
CAMERA = camera.Camera("SXI", 27.0, 16.0, 1.0)
PLACES = [(4.0, -12.0, 14.0), (0.0, -3.0, 19.0)]
#: Nose, flaring, and depth, angle and widths (noon, dawn-dusk) of the dent.
NOSE, FLARING, DEPTH, CENTRE, WIDTHS = 7.6, 0.55, 2.8, 50.0, (15.0, 20.0)


def funnel(theta, phi):
    """A magnetopause with one gaussian, elliptic dent in the north."""
    theta, phi = np.radians(theta), np.radians(phi)
    along = np.arctan2(np.sin(theta) * np.sin(phi), np.cos(theta))
    aside = np.arcsin((np.sin(theta) * np.cos(phi)).clip(-1, 1))
    off = ((np.degrees(along) - CENTRE) / WIDTHS[0]) ** 2
    off = off + (np.degrees(aside) / WIDTHS[1]) ** 2
    smooth = NOSE * (2 / (1 + np.cos(theta))) ** FLARING
    return smooth - DEPTH * np.exp(-off / 2)


def exact_edges(radius):
    """Where the noon meridian of that surface is at a distance. [deg]"""
    away = lambda angle: funnel(angle, 90.0) - radius  # noqa: E731
    return [brentq(away, 15.0, CENTRE), brentq(away, CENTRE, 90.0)]


def wind(density=20.0, speed=450.0):
    return xr.Dataset(
        {
            "density": density,
            "velocity": ("component", [-speed, 0.0, 0.0]),
            "temperature": 10.0,
            "magnetic_field": ("component", [0.0, 0.0, 5.0]),
            "dynamic_pressure": PROTON_MASS * density * speed**2 * 1e21,
        },
        coords={"component": ["x", "y", "z"]},
    )


@pytest.fixture(scope="module")
def cube():
    return analytic_cube(
        wind(),
        np.arange(-5.0, 15.1, 0.3),
        np.arange(-14.0, 14.1, 0.4),
        np.arange(-8.0, 17.1, 0.3),
        magnetopause=funnel,
        dipole_tilt=TILT,
        boundary_width=0.3,
    )


@pytest.fixture(scope="module")
def emissivity(cube):
    return charge_exchange.emissivity(cube)


@pytest.fixture(scope="module")
def seen(sky, emissivity):
    """Image and pointing of each place, toward the cusp."""

    def of(place):
        pointing = sky.pointing_from(place, (4.5, 0.0, 3.5))
        return sxi.intensity(emissivity, pointing, camera=CAMERA), pointing

    return {place: of(place) for place in PLACES}


@pytest.fixture(scope="module")
def found(seen):
    return {
        place: cusp.edges(*one, radius=RADIUS, dipole_tilt=TILT)
        for place, one in seen.items()
    }


def miss(found):
    """How far along the meridian the edges are off. [R_E]"""
    return RADIUS * np.radians(found.angle.values - exact_edges(RADIUS))


@pytest.mark.parametrize("place", PLACES)
def test_edges_of_a_known_funnel_are_found(found, place):
    away = np.abs(miss(found[place]))
    # from over the pole one looks down the funnel, and less far outside
    assert (away < ([0.4, 0.3] if place == PLACES[0] else [1.0, 0.3])).all()
    assert (away < 2 * found[place].uncertainty).all()


def test_counts_of_five_minutes_are_enough(seen):
    image, pointing = seen[PLACES[0]]
    counts = sxi.expose(sxi.expected_counts(image), rng=1)
    noisy = cusp.edges(
        counts, pointing, radius=RADIUS, dipole_tilt=TILT, quantity="counts"
    )
    assert (np.abs(miss(noisy)) < 0.5).all()
    assert noisy.quantity == "counts"


def test_positions_angles_and_latitudes_agree(found):
    one = found[PLACES[0]]
    distance = np.sqrt((one.position**2).sum("component"))
    np.testing.assert_allclose(distance, RADIUS)
    turn = np.arctan2(one.position.sel(component="z"), one.position[:, 0])
    np.testing.assert_allclose(np.degrees(turn), one.angle)
    np.testing.assert_allclose(one.latitude, one.angle + TILT)
    # r = L cos^2(latitude) from the edge down to 1 R_E
    shell = RADIUS / np.cos(np.radians(one.latitude)) ** 2
    foot = np.degrees(np.arccos(shell**-0.5))
    np.testing.assert_allclose(one.invariant_latitude, foot)


def test_the_place_in_the_image_looks_at_the_edge(found, seen):
    one, (_, pointing) = found[PLACES[1]], seen[PLACES[1]]
    way = camera.unproject(one.fov_lon, one.fov_lat, pointing)
    sight = one.position - pointing.position
    sight = sight / np.sqrt((sight**2).sum("component"))
    np.testing.assert_allclose(way.transpose(*sight.dims), sight, atol=1e-9)


def test_a_southern_cusp_is_the_mirror_of_the_northern(seen, found):
    place = PLACES[0]
    image, pointing = seen[place]
    turned = pointing.copy(deep=True)
    for name in ("position", "boresight", "up"):
        turned[name] = pointing[name] * xr.DataArray(
            [1.0, 1.0, -1.0], dims="component"
        )
    mirrored = image.assign(intensity=image.intensity[:, ::-1].copy())
    mirrored["intensity"] = (
        image.intensity.dims,
        image.intensity.values[:, ::-1],
    )
    south = cusp.edges(
        mirrored, turned, radius=RADIUS, dipole_tilt=-TILT, hemisphere="south"
    )
    north = found[place]
    np.testing.assert_allclose(south.angle, north.angle, atol=3.0)
    np.testing.assert_allclose(south.latitude, -north.latitude, atol=3.0)


def test_without_a_radius_the_edges_are_half_way_down(seen):
    one = cusp.edges(*seen[PLACES[0]], dipole_tilt=TILT)
    half = (one.deepest + one.standoff) / 2
    assert one.radius.item() == pytest.approx(half.item())
    assert one.standoff.item() == pytest.approx(NOSE, abs=0.3)


def test_beyond_the_nose_there_is_a_poleward_edge_alone(seen):
    one = cusp.edges(*seen[PLACES[1]], radius=8.5, dipole_tilt=TILT)
    assert np.isnan(one.angle[0])
    exact = brentq(lambda a: funnel(a, 90.0) - 8.5, CENTRE, 90.0)
    assert one.angle[1].item() == pytest.approx(exact, abs=4.0)
    assert "equatorward edge does not exist" in one.status.item()


def test_an_edge_out_of_view_is_nan_and_makes_the_other_less_certain(
    seen, found
):
    image, pointing = seen[PLACES[0]]
    whole = found[PLACES[0]]
    row = whole.fov_lat.sel(edge="poleward").item() + 0.7
    assert row < whole.fov_lat.sel(edge="equatorward")
    part = cusp.edges(
        image.sel(fov_lat=slice(row, None)),
        pointing,
        radius=RADIUS,
        dipole_tilt=TILT,
    )
    assert np.isnan(part.angle[1])
    assert np.isnan(part.position[1]).all()
    assert part.uncertainty[0] >= 1.0 > whole.uncertainty[0]
    assert "poleward edge is not in view" in part.status.item()


def test_a_series_keeps_its_times_and_says_what_failed(seen, found):
    image, pointing = seen[PLACES[0]]
    times = np.array(["2012-06-16T22:00", "2012-06-16T22:05"], "M8[ns]")
    dark = image.where(image.intensity < 0)
    series = xr.concat([image, dark], "time").assign_coords(time=times)
    both = cusp.edges(
        SXI_IMAGE.stamp(series), pointing, radius=RADIUS, dipole_tilt=TILT
    )
    np.testing.assert_allclose(both.angle[0], found[PLACES[0]].angle)
    assert both.angle[1].isnull().all()
    assert "SXI is off" in both.status[1].item()
    assert (both.time == times).all()


def test_an_elongated_cusp_is_longer_toward_dawn_and_dusk_alone():
    round_, long = (
        model.magnetopause(
            np.array([2.0, 0, 0.3, 0.8, 0.8, 2.5, 0, 2, 1, 0, 0, elongation]),
            CuspedFamily(dipole_tilt=TILT),
        )
        for elongation in (0.0, 0.8)
    )
    centre = long[9]
    noon, aside = (
        (np.cos(centre) * np.cos(y), np.sin(y), np.sin(centre) * np.cos(y))
        for y in (0.0, 0.35)
    )
    depth = [kernel._indented(s, *noon) for s in (round_, long)]
    assert depth[0] == pytest.approx(depth[1])
    sides = [kernel._indented(s, *aside) for s in (round_, long)]
    assert sides[1] < sides[0] - 0.3


@pytest.mark.parametrize("north", [True, False])
def test_the_noon_meridian_is_that_of_the_images(north):
    family = CuspedFamily(dipole_tilt=TILT)
    vector = np.array([2.0, 0, 0.3, 0.8, 0.8, 2.5, 0, 2, 1, 0.2, 0.1, 0.5])
    inner = model.magnetopause(vector, family)
    nose = model.meridian(inner, np.zeros(1), north).item()
    assert nose == pytest.approx(np.exp(vector[0]))
    for angle in np.radians([0.0, 20.0, 45.0, 70.0, 100.0]):
        z = np.sin(angle) if north else -np.sin(angle)
        seen = kernel._indented(inner, np.cos(angle), 0.0, z)
        drawn = model.meridian(inner, angle, north)
        assert drawn == pytest.approx(seen, rel=1e-6)


# Truth


def test_truth_of_a_cube_is_the_surface_it_was_made_with():
    fine = np.arange(0.0, 12.1, 0.1)
    cube = analytic_cube(
        wind(), fine, [-0.5, 0.5], fine, magnetopause=funnel, boundary_width=0
    )
    known = cusp.truth(cube, radius=RADIUS, dipole_tilt=TILT)
    away = np.radians(known.angle - exact_edges(RADIUS)) * RADIUS
    assert (np.abs(away) < 0.15).all()


def test_truth_follows_the_indentation_of_lin():
    """At 2 nPa its cusp reaches 1 R_E nearer than its nose."""
    fine = np.arange(0.0, 14.1, 0.1)
    low = analytic_cube(
        wind(5.0, 490.0), fine, [-0.5, 0.5], fine, boundary_width=0
    )
    field = boundaries.lin_magnetopause(
        cusp_angles := np.arange(30.0, 100.0, 0.05),
        90.0,
        low_pressure := wind(5.0, 490.0).dynamic_pressure.item(),
        5.0**2 / 2 / (4e-7 * np.pi) * 1e-9,
        5.0,
    )
    assert 1.0 < low_pressure < 3.0
    radius = float(field.min()) + 0.3
    inside = cusp_angles[field < radius]
    known = cusp.truth(low, radius=radius)
    away = np.radians(known.angle - inside[[0, -1]]) * radius
    assert (np.abs(away) < 0.15).all()


def test_truth_by_pressure_is_around_the_hottest_plasma():
    path = samples.path("batsrus_b_2012-06-16.nc")
    state = mhd.open_cube(path).isel(time=0)
    hot = cusp.truth(state, radius=5.0, definition="pressure")
    low, high = hot.angle.values
    assert low < 41.0 < high  # where n T is greatest at 5 R_E
    assert hot.dipole_tilt.item() == pytest.approx(24.1, abs=0.1)
    radial = cusp.truth(state, radius=3.5, definition="pressure")
    assert radial.definition == "pressure"


def test_where_the_cusp_does_not_reach_truth_is_nan(cube):
    assert cusp.truth(cube, radius=4.0).angle.isnull().all()


def test_truth_of_a_series_is_that_of_each_time(cube):
    known = masks.solar_wind_fraction(cube)
    closed = cube.assign(solar_wind_fraction=known * 0)
    series = xr.concat([cube, closed], "time").assign_coords(time=[0, 1])
    both = cusp.truth(series, radius=RADIUS, dipole_tilt=TILT)
    one = cusp.truth(cube, radius=RADIUS, dipole_tilt=TILT)
    np.testing.assert_allclose(both.angle[0], one.angle)
    assert both.angle[1].isnull().all()


# Doors


def counted(image, scale=1.0):
    counts = sxi.expose(sxi.expected_counts(image), rng=0)
    return counts.assign(counts=(counts.counts * scale).round())


def test_too_few_counts_say_how_long_to_expose(seen):
    image, pointing = seen[PLACES[0]]
    few = sxi.expose(sxi.expected_counts(image, exposure=0.2), rng=0)
    with pytest.raises(ValueError, match="counts, at least 100 .*instead"):
        cusp.edges(few, pointing, quantity="counts")


@pytest.mark.parametrize(
    ("value", "message"), [(-1.0, "not be negative"), (np.nan, "not be NaN")]
)
def test_counts_that_cannot_be_are_refused(seen, value, message):
    image, pointing = seen[PLACES[0]]
    counts = counted(image)
    counts["counts"][3, 4] = value
    with pytest.raises(ValueError, match=message):
        cusp.edges(counts, pointing, quantity="counts")


def test_counts_without_a_cusp_are_refused(seen):
    image, pointing = seen[PLACES[0]]
    counts = counted(image)
    flat = np.random.default_rng(0).poisson(2.0, counts.counts.shape)
    counts["counts"] = counts.counts.dims, flat.astype(float)
    with pytest.raises(ValueError, match="cusp"):
        cusp.edges(counts, pointing, quantity="counts", evaluations=10)


def test_a_cusp_out_of_view_is_said_so(sky, emissivity):
    pointing = sky.pointing_from(PLACES[0], (11.5, 0.0, -4.0))
    image = sxi.intensity(emissivity, pointing, camera=CAMERA)
    with pytest.raises(ValueError, match="pointing misses the cusp"):
        cusp.edges(image, pointing, radius=9.0, evaluations=5)


def test_a_pointing_that_misses_everything_is_said_so(sky, emissivity):
    pointing = sky.pointing_from(PLACES[0], (15.0, 14.0, 0.0))
    image = sxi.intensity(emissivity, pointing, camera=CAMERA)
    with pytest.raises(ValueError, match="pointing misses the cusp"):
        cusp.edges(image, pointing, radius=9.0, evaluations=5)


def test_earth_in_view_is_refused(sky, emissivity):
    pointing = sky.pointing_from(PLACES[0], (1.0, 0.0, 1.0))
    image = sxi.intensity(emissivity, pointing, camera=CAMERA)
    with pytest.raises(ValueError, match="Earth is inside the field of view"):
        cusp.edges(image, pointing)


def test_a_radius_below_the_cusp_is_said_so(seen):
    with pytest.raises(ValueError, match="does not reach down to 2.5 R_E"):
        cusp.edges(*seen[PLACES[1]], radius=2.5, evaluations=5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"quantity": "flux"}, "quantity must be one of intensity, counts"),
        ({"quantity": "counts"}, "the image has no counts"),
        ({"hemisphere": "up"}, "hemisphere must be one of north, south"),
        ({"radius": 0.5}, "radius must be within 2 to 20 R_E, got 0.5"),
        ({"evaluations": 0}, "evaluations must be 1 or more, got 0"),
        ({"dipole_tilt": 100.0}, "dipole_tilt must be within 90 deg"),
    ],
)
def test_settings_that_cannot_be_are_refused(seen, options, message):
    with pytest.raises(ValueError, match=message):
        cusp.edges(*seen[PLACES[0]], **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"definition": "heat"}, "definition must be one of plasma, pressure"),
        ({"hemisphere": "up"}, "hemisphere must be one of north, south"),
        ({"radius": 40.0}, "radius must lie within the cube"),
    ],
)
def test_truth_refuses_what_cannot_be(cube, options, message):
    with pytest.raises(ValueError, match=message):
        cusp.truth(cube, **{"radius": 6.0, **options})
