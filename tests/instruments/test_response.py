"""The response of SXI: its tables, and what they do to an image."""

import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import camera, sxi
from smile_explore.instruments.response import (
    area,
    background,
    counts,
    detector,
    fold,
    psf,
    redistribution,
    sources,
    tables,
)
from smile_explore.schema import RESPONSE, SXI_IMAGE

RESPONSE_OF_SXI = tables.assumed()
#: No optic's fall, filter, gap or background: the simple camera again.
PLAIN = tables.assumed(
    filter_thickness=0.0,
    gap=0.0,
    particle_rate=0.0,
    sky=background.sky(scale=0.0),
)
WHOLE = (0.0, 5.4)


def image(value=37.7, *, used=sxi.SXI, count=None):
    axes = {}
    for name in ("fov_lat", "fov_lon"):
        width = getattr(used, name)
        number = round(width / used.pixel)
        axes[name] = (np.arange(number) - (number - 1) / 2) * width / number
    shape = tuple(axis.size for axis in axes.values())
    field = xr.DataArray(np.full(shape, value), dims=axes, coords=axes)
    if count:
        field = field.expand_dims(time=np.arange(count))
    return SXI_IMAGE.stamp(xr.Dataset({"intensity": field}))


def line(energy):
    return xr.DataArray(
        [1.0], dims="photon_energy", coords={"photon_energy": [energy]}
    )


# -- energy ----------------------------------------------------------------


def test_counted_photons_carry_the_energy_that_arrived():
    # counts by line, times energy, divided by the area: the intensity again
    spectrum = fold.charge_exchange_spectrum()
    shares = spectrum / spectrum.sum()
    seen = counts.expected(image(20.0), PLAIN, exposure=120.0)
    total = float(seen["expected_counts"].sum())
    in_band = fold.counts_per_intensity(PLAIN) / fold.counts_per_intensity(
        PLAIN, band=WHOLE
    )
    mean_energy = float((shares * shares["photon_energy"]).sum())
    mean_area = float(
        (shares * fold.area_at(PLAIN, shares["photon_energy"].values)).sum()
    )
    solid_angle = np.radians(27.0) * 2.0 * np.sin(np.radians(8.0))
    arrived = total / in_band * mean_energy / mean_area / 120.0 / solid_angle
    assert arrived == pytest.approx(20.0, rel=1e-6)


def test_without_its_tables_the_response_is_the_simple_camera():
    # a line at 0.5 keV, where the optic has its full 15 cm2
    seen = counts.expected(image(), PLAIN, spectrum=line(0.5))
    simple = sxi.expected_counts(image(), background=0.0)
    lost = fold.counts_per_intensity(PLAIN, spectrum=line(0.5)) / (
        15.0 * 0.89 / 0.5
    )
    assert lost == pytest.approx(1.0, abs=1e-6)
    np.testing.assert_allclose(
        seen["expected_counts"], simple["expected_counts"], rtol=1e-3
    )


def test_a_spectrum_folded_with_the_response_keeps_its_counts():
    photons = xr.DataArray(
        [[3.0, 1.0], [0.0, 2.0]],
        dims=("pixel", "photon_energy"),
        coords={"photon_energy": [0.5685, 0.6536]},
    )
    seen = fold.channel_counts(photons, RESPONSE_OF_SXI)
    assert seen.dims == ("pixel", "channel")
    each = fold.area_at(RESPONSE_OF_SXI, np.array([0.5685, 0.6536]))
    np.testing.assert_allclose(
        seen.sum("channel"), photons.values @ each, rtol=1e-12
    )
    mean = (seen * seen["channel_energy"]).sum("channel") / seen.sum("channel")
    assert float(mean[1]) == pytest.approx(0.6536, abs=0.005)


def test_rows_of_the_redistribution_sum_to_one():
    rows = RESPONSE_OF_SXI["redistribution"].sum("channel")
    np.testing.assert_allclose(rows, 1.0, rtol=1e-12)
    assert (RESPONSE_OF_SXI["redistribution"] >= 0.0).all()


@pytest.mark.parametrize("energy", [0.5, 1.5])
def test_a_line_is_as_wide_as_stated(energy):
    seen = fold.channel_counts(line(energy), RESPONSE_OF_SXI)
    weight = seen / seen.sum()
    at = seen["channel_energy"]
    mean = float((weight * at).sum())
    sigma = float(np.sqrt((weight * (at - mean) ** 2).sum()))
    fano = 8 * np.log(2) * 0.115 * 0.00365
    stated = np.sqrt(0.050**2 + fano * (energy - 0.5))
    # a channel of 10 eV adds its own width
    expected = np.sqrt(stated**2 / (8 * np.log(2)) + 0.01**2 / 12)
    assert sigma == pytest.approx(expected, rel=5e-3)
    assert redistribution.energy_resolution(0.5) == pytest.approx(0.050)


def test_a_filter_is_the_law_of_beer():
    # Henke's 0.1 um of aluminium passes about 84 % at 0.5 keV
    passed = area.aluminium_transmission(np.array([0.5]), thickness=100.0)
    assert passed[0] == pytest.approx(np.exp(-6410.1 * 2.70 * 1e-5), rel=1e-12)
    double = area.aluminium_transmission(np.array([0.5]), thickness=200.0)
    assert double[0] == pytest.approx(passed[0] ** 2)
    edge = area.aluminium_transmission(
        np.array([1.555, 1.565]), thickness=1000.0
    )
    assert edge[1] < edge[0]
    assert np.isnan(area.optic_area(np.array([7.0]))).all()


# -- place -----------------------------------------------------------------


@pytest.mark.parametrize("arm_share", [0.0, 0.5])
@pytest.mark.parametrize("pixel", [0.05, 0.25, 1.0])
def test_the_spot_conserves_counts(arm_share, pixel):
    used = camera.Camera("any", 27.0, 16.0, pixel)
    rng = np.random.default_rng(4)
    bright = image(1.0, used=used)["intensity"]
    bright = bright * rng.uniform(0.0, 5.0, bright.shape)
    seen = psf.blur(bright, psf.spot(arm_share=arm_share))
    assert float(seen.sum()) == pytest.approx(float(bright.sum()), rel=1e-12)
    assert float(seen.std()) < float(bright.std())
    flat = psf.blur(xr.ones_like(bright), psf.spot(arm_share=arm_share))
    np.testing.assert_allclose(flat, 1.0, rtol=1e-12)


def test_the_spot_has_the_stated_width():
    used = camera.Camera("fine", 4.0, 4.0, 0.01)
    point = xr.zeros_like(image(used=used)["intensity"])
    point[200, 200] = 1.0
    seen = psf.blur(point, psf.spot()).values[200]
    high = np.interp(0.5, seen[200:260][::-1] / seen[200], range(60)[::-1])
    assert 2.0 * high * 0.01 * 60.0 == pytest.approx(8.0, rel=0.01)


def test_the_cross_lies_along_both_axes():
    table = psf.spot(arm_share=0.5)
    assert float(table.sum()) == pytest.approx(1.0, rel=1e-12)
    arm = float(table.sel(psf_lon=1.0, psf_lat=0.0, method="nearest"))
    other = float(table.sel(psf_lon=0.0, psf_lat=1.0, method="nearest"))
    between = float(table.sel(psf_lon=0.7, psf_lat=0.7, method="nearest"))
    assert arm == pytest.approx(other)
    assert between < 1e-6 * arm
    outside = table.where(np.hypot(table.psf_lon, table.psf_lat) > 0.4)
    # the arms' linear fall leaves (1 - 0.4 / 1.9)^2 of them out there
    assert float(outside.sum()) == pytest.approx(
        0.5 * (1 - 0.4 / 1.9) ** 2, abs=0.01
    )


def test_a_spot_off_its_centre_moves_the_light_that_way():
    table = psf.spot()
    table = table.assign_coords(psf_lon=table["psf_lon"] + 0.25)
    point = xr.zeros_like(image()["intensity"])
    point[30, 50] = 1.0
    seen = psf.blur(point, table)
    assert float(seen.sum()) == pytest.approx(1.0, rel=1e-12)
    mean = (seen * seen["fov_lon"]).sum() - point["fov_lon"][50]
    assert float(mean) == pytest.approx(0.25, abs=1e-6)


def test_what_is_not_known_does_not_spread():
    hole = image()["intensity"]
    hole[10:20, 40:50] = np.nan
    seen = psf.blur(hole, psf.spot(arm_share=0.5))
    np.testing.assert_array_equal(np.isnan(seen), np.isnan(hole))
    np.testing.assert_allclose(seen.values[~np.isnan(seen)], 37.7)


def test_a_spot_larger_than_the_image_is_refused():
    few = image()["intensity"][:3, :3]
    with pytest.raises(ValueError, match="further than the image of 3"):
        psf.blur(few, psf.spot(arm_share=0.5))


def test_pixels_in_the_gap_see_nothing():
    seen = counts.expected(image(), tables.assumed(gap=0.5))
    middle = abs(seen["fov_lon"]) < 0.25
    assert np.isnan(seen["expected_counts"].where(middle, drop=True)).all()
    beside = seen["expected_counts"].where(~middle, drop=True)
    assert np.isfinite(beside).all()
    part = detector.live_share(image(), detector.chips(gap=0.25))
    half = part.sel(fov_lon=0.125, method="nearest")
    np.testing.assert_allclose(half, 0.5)
    assert float(part.mean()) == pytest.approx(1.0 - 0.25 / 27.0)


def test_a_pixel_half_on_a_ccd_counts_half():
    whole = counts.expected(image(), tables.assumed(gap=0.0))
    split = counts.expected(image(), tables.assumed(gap=0.25))
    for name in ("expected_counts", "expected_background"):
        part = (split[name] / whole[name]).sel(fov_lon=0.125)
        np.testing.assert_allclose(part, 0.5)


def test_a_dark_edge_darkens_sky_and_magnetosheath_but_no_particles():
    bright = counts.expected(image(), PLAIN)
    edge = detector.vignetting(edge=0.5)
    dark = counts.expected(
        image(), tables.replace(PLAIN, xr.Dataset({"vignetting": edge}))
    )
    part = (dark["expected_counts"] / bright["expected_counts"]).values
    # the spot blurs the rim a little, most where the image ends
    inner = (slice(3, -3), slice(3, -3))
    np.testing.assert_allclose(
        part[inner], detector.vignetting_at(image(), edge)[inner], rtol=0.02
    )
    particles = tables.assumed(sky=background.sky(scale=0.0))
    np.testing.assert_allclose(
        counts.expected(
            image(0.0),
            tables.replace(particles, xr.Dataset({"vignetting": edge})),
        )["expected_counts"],
        counts.expected(image(0.0), particles)["expected_counts"],
    )


def test_each_pixel_tells_how_much_of_the_light_it_counts():
    response = tables.assumed(gap=0.6, edge_area=0.5)
    seen = counts.expected(image(), response)
    share = seen["sensitivity"].sel(fov_lat=0.125, method="nearest")
    # 0.6 deg of gap: one pixel of each side is off, the next 0.2 on
    np.testing.assert_allclose(
        share.sel(fov_lon=[-0.375, -0.125, 0.125, 0.375, 0.625]),
        [0.8, 0.0, 0.0, 0.8, 1.0],
        atol=1e-9,
    )
    # 0.125 deg from the edge of a rim 2 deg wide: 0.5 + 0.5 / 16
    assert float(share[0]) == pytest.approx(0.53125)
    off = seen["expected_counts"].isnull()
    np.testing.assert_array_equal(off, seen["sensitivity"] == 0.0)


def test_the_flight_field_is_that_of_its_ccds():
    assert detector.FLIGHT_FIELD[1] == pytest.approx(15.5, abs=0.05)
    seen = detector.live_share(
        image(used=sxi.SXI_FLIGHT), detector.chips(field=detector.FLIGHT_FIELD)
    )
    on_chips = (26.5 - detector.GAP) * detector.FLIGHT_FIELD[1]
    assert float(seen.mean()) == pytest.approx(on_chips / 26.5 / 15.5)


def test_the_edge_is_darker_where_the_optic_vignettes():
    table = detector.vignetting(edge=0.5, margin=2.0)
    seen = detector.vignetting_at(image(), table)
    middle = seen.sel(fov_lat=0.0, method="nearest")
    assert float(middle.sel(fov_lon=0.0, method="nearest")) == 1.0
    assert float(middle.isel(fov_lon=-1)) == pytest.approx(
        0.5 + 0.5 * 0.125 / 2.0
    )


# -- background --------------------------------------------------------------


def test_the_sky_holds_the_lines_that_were_measured():
    # McCammon et al. (2002): C VI 5.4, O VII 4.8, O VIII 1.6
    sky = background.sky()
    lines = sky.sel(sky_component=["diffuse", "heliospheric"])
    at = lines.sum("sky_component").sel(sky_energy=[0.3675, 0.5685, 0.6536])
    np.testing.assert_allclose(at, [5.4, 4.8, 1.6])


def test_point_sources_are_the_extragalactic_background():
    # De Luca and Molendi (2004): 11.6 at 1 keV, photon index 1.41; the
    # integral of E times that over 0.5-2 keV
    energy = background.sky()["sky_energy"]
    band = (energy > 0.5) & (energy < 2.0)
    seen = (background.sky() * energy).where(band).sum("sky_energy")
    expected = 11.6 / 0.59 * (2.0**0.59 - 0.5**0.59)
    assert float(seen.sel(sky_component="point sources")) == pytest.approx(
        expected, rel=0.01
    )


def test_background_is_counted_apart():
    seen = counts.expected(image(), RESPONSE_OF_SXI)
    dark = counts.expected(image(0.0), RESPONSE_OF_SXI)
    np.testing.assert_allclose(
        dark["expected_counts"], dark["expected_background"]
    )
    xr.testing.assert_allclose(
        seen["expected_background"], dark["expected_background"]
    )
    particles = counts.background_rates(RESPONSE_OF_SXI)[1]
    assert particles == pytest.approx(0.005 * 2.3)
    double = counts.expected(
        image(0.0), tables.assumed(sky=background.sky(scale=2.0))
    )
    sky_only = counts.expected(image(0.0), tables.assumed(particle_rate=0.0))
    xr.testing.assert_allclose(
        double["expected_counts"] - dark["expected_counts"],
        sky_only["expected_counts"],
    )


def test_a_star_is_counted_where_it_is():
    # 10 photons per cm2, s and keV at 1 keV: the Crab nebula
    star = sources.power_law(fov_lon=5.1, fov_lat=-3.0, norm=10.0, slope=2.1)
    with_star = counts.expected(image(0.0), PLAIN, sources=star)
    seen = with_star["expected_background"]
    photons, energy = star.values, star["photon_energy"].values
    area_there = fold.area_at(PLAIN, energy)
    inside = (energy > 0.2) & (energy < 2.5)
    total = 300.0 * (photons * area_there)[inside].sum()
    assert float(seen.sum()) == pytest.approx(total, rel=0.1)
    peak = seen.argmax(...)
    assert float(seen["fov_lon"][peak["fov_lon"]]) == 5.125
    assert abs(float(seen["fov_lat"][peak["fov_lat"]]) + 3.0) < 0.13
    two = xr.concat(
        [star, star.assign_coords(fov_lon=40.0)], "source", join="exact"
    )
    same = counts.expected(image(0.0), PLAIN, sources=two)
    xr.testing.assert_allclose(same["expected_background"], seen)
    lost = star.drop_vars("fov_lon")
    with pytest.raises(ValueError, match="need the coordinates fov_lon"):
        counts.expected(image(), PLAIN, sources=lost)


def test_particles_are_counted_by_the_size_of_the_detector():
    dark = tables.assumed(sky=background.sky(scale=0.0), gap=0.0)
    seen = counts.expected(image(0.0), dark, exposure=100.0)
    # 30 cm times the angles, in 0.2-2.5 keV
    size = 30.0**2 * np.radians(27.0) * 2.0 * np.sin(np.radians(8.0))
    total = float(seen["expected_counts"].sum())
    assert total == pytest.approx(size * 0.005 * 2.3 * 100.0, rel=1e-9)


# -- all together ------------------------------------------------------------


def test_a_thousand_exposures_average_to_the_expectation():
    used = camera.Camera("coarse", 27.0, 16.0, 1.0)
    one = sxi.expected_counts(image(used=used), response=RESPONSE_OF_SXI)
    many = one.drop_vars("counts", errors="ignore").expand_dims(
        time=np.arange(1000)
    )
    drawn = sxi.expose(many, rng=8)["counts"].mean("time")
    mean = one["expected_counts"]
    error = (drawn - mean) / np.sqrt(mean / 1000)
    assert float(abs(error).max()) < 4.5
    assert float(error.std()) == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize("count", [None, 3])
def test_numpy_and_dask_expect_the_same(count):
    field = image(count=count)
    eager = counts.expected(field, RESPONSE_OF_SXI)
    lazy = counts.expected(field.chunk(), RESPONSE_OF_SXI)
    assert lazy["expected_counts"].chunks is not None
    xr.testing.assert_allclose(eager, lazy.compute())
    one = counts.expected(image(), RESPONSE_OF_SXI)
    last = eager["expected_counts"]
    last = last.isel(time=-1, drop=True) if count else last
    np.testing.assert_allclose(last, one["expected_counts"])


@pytest.mark.parametrize("count", [None, 2])
def test_the_spectrum_of_a_pixel_holds_its_counts(count):
    seen = counts.expected(image(count=count), RESPONSE_OF_SXI)
    spectrum = counts.spectrum_at(
        seen, RESPONSE_OF_SXI, fov_lon=5.0, fov_lat=1.0
    )
    inside = fold.channels_in(RESPONSE_OF_SXI, fold.BAND)
    pixel = seen.sel(fov_lon=5.0, fov_lat=1.0, method="nearest")
    np.testing.assert_allclose(
        spectrum[..., inside].sum(["part", "channel"]),
        pixel["expected_counts"],
    )
    # each part has its own shape: that of its folded photons
    sheath = spectrum.sel(part="magnetosheath")
    folded = fold.channel_counts(
        fold.charge_exchange_spectrum(), RESPONSE_OF_SXI
    )
    np.testing.assert_allclose(
        sheath / sheath.sum("channel"),
        np.broadcast_to(folded / folded.sum(), sheath.shape),
        rtol=1e-9,
        atol=1e-15,
    )
    with pytest.raises(ValueError, match="no expected_background"):
        counts.spectrum_at(image(), RESPONSE_OF_SXI, fov_lon=0, fov_lat=0)


def test_exposures_may_differ_from_image_to_image():
    exposure = xr.DataArray([100.0, 300.0], dims="time")
    seen = counts.expected(image(count=2), RESPONSE_OF_SXI, exposure=exposure)
    for name in ("expected_counts", "expected_background"):
        np.testing.assert_allclose(seen[name][1], 3.0 * seen[name][0])


def test_the_chain_names_what_is_assumed():
    seen = sxi.expected_counts(image(), response=RESPONSE_OF_SXI)
    attributes = seen["expected_counts"].attrs
    assert "filter" in attributes["assumed"]
    assert attributes["band"] == "0.2-2.5 keV"


def area_table(low=0.1, high=5.0, value=9.0):
    edges = np.linspace(low, high, 50)
    middle = (edges[1:] + edges[:-1]) / 2
    flat = np.ones_like(middle)
    columns = {
        "optic_area": value * flat,
        "quantum_efficiency": flat,
        "filter_transmission": flat,
        "energy_low": edges[:-1],
        "energy_high": edges[1:],
    }
    return xr.Dataset(
        {name: ("photon_energy", values) for name, values in columns.items()},
        coords={"photon_energy": middle},
    )


def matrix_table(low=0.15, high=3.0, total=1.0):
    edges = np.linspace(low, high, 80)
    middle = (edges[1:] + edges[:-1]) / 2
    return xr.Dataset(
        {
            "redistribution": (
                ("photon_energy", "channel"),
                total * np.eye(middle.size),
            ),
            "energy_low": ("photon_energy", edges[:-1]),
            "energy_high": ("photon_energy", edges[1:]),
            "channel_low": ("channel", edges[:-1]),
            "channel_high": ("channel", edges[1:]),
        },
        coords={"photon_energy": middle, "channel": np.arange(middle.size)},
    )


def test_another_area_takes_the_place_of_the_assumed_one():
    other = tables.replace(PLAIN, area_table())
    RESPONSE.check(other)
    factor = fold.counts_per_intensity(other, spectrum=line(0.5), band=WHOLE)
    assert factor == pytest.approx(9.0 / 0.5)
    np.testing.assert_array_equal(
        other["redistribution"], PLAIN["redistribution"]
    )


def test_another_matrix_brings_its_own_energies():
    other = tables.replace(RESPONSE_OF_SXI, matrix_table())
    assert other.sizes["photon_energy"] == 79
    assert float(fold.area_at(other, np.array([0.5]))[0]) == pytest.approx(
        float(fold.area_at(RESPONSE_OF_SXI, np.array([0.5]))[0]), rel=2e-3
    )
    # the rate of particles by energy stays
    rate = other["particles"] / (other["channel_high"] - other["channel_low"])
    np.testing.assert_allclose(rate, 0.005)
    both = tables.replace(RESPONSE_OF_SXI, matrix_table(), area_table())
    assert fold.area_at(both, np.array([0.5]))[0] == pytest.approx(9.0)


def test_no_photon_is_counted_where_an_area_ends():
    other = tables.replace(PLAIN, area_table(high=3.0))
    assert fold.area_at(other, np.array([2.9]))[0] == pytest.approx(9.0)
    assert fold.area_at(other, np.array([4.0]))[0] == 0.0


def test_another_spot_takes_its_place():
    wide = xr.Dataset({"psf": psf.spot(width=0.5)})
    other = tables.replace(RESPONSE_OF_SXI, wide)
    assert other.sizes["psf_lon"] == wide.sizes["psf_lon"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (area_table(low=0.4), r"covers 0\.4-5 keV, not all of the band 0\.2"),
        (area_table(high=2.0), r"covers 0\.1-2 keV, not all of the band"),
        (area_table(value=-1.0), "optic_area must not be negative or NaN"),
        (area_table(value=np.nan), "optic_area must not be negative or NaN"),
        (matrix_table(total=7.0), "must sum to at most 1, got 7"),
        (matrix_table(low=0.3), r"covers 0\.3-3 keV, not all of the band"),
        (xr.Dataset({"gain": 1.0}), "a response has no table gain"),
    ],
)
def test_tables_that_cannot_be_are_refused(table, message):
    with pytest.raises(ValueError, match=message):
        tables.replace(RESPONSE_OF_SXI, table)


@pytest.mark.parametrize(
    ("spectrum", "message"),
    [
        (line(7.0), r"covers photons of 0\.1-5 keV, but the spectrum has 7"),
        (line(0.05), "give tables that cover it, or cut the spectrum"),
        (-line(0.5), "must not be negative or NaN"),
        (0.0 * line(0.5), "the spectrum has no photons"),
        (xr.DataArray([1.0], dims="energy"), "coordinate photon_energy"),
    ],
)
def test_spectra_that_cannot_be_are_refused(spectrum, message):
    with pytest.raises(ValueError, match=message):
        counts.expected(image(), RESPONSE_OF_SXI, spectrum=spectrum)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"band": (0.2, 9.0)}, "not all of the band 0.2-9 keV"),
        ({"band": (2.0, 1.0)}, "the band must rise, got 2-1 keV"),
        ({"exposure": 0.0}, "exposure must be positive, got 0 s"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        counts.expected(image(), RESPONSE_OF_SXI, **settings)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: psf.spot(width=-1.0), "needs a positive width"),
        (lambda: detector.chips(gap=30.0), "between 0 and the field of 27"),
        (
            lambda: redistribution.energy_resolution(0.5, resolution=0.02),
            "better than silicon can have, 34",
        ),
    ],
)
def test_parts_that_cannot_be_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_number_beside_the_response_is_refused():
    with pytest.raises(ValueError, match="background cannot be given beside"):
        sxi.expected_counts(image(), response=PLAIN, background=1.0)
    with pytest.raises(ValueError, match="a spectrum needs a response"):
        sxi.expected_counts(image(), spectrum=line(0.5))


def test_the_energy_of_an_uneven_image_is_all_accounted_for():
    # through the spot and its cross, which only move counts: intensity times
    # solid angle, exposure and counts per energy is what is counted
    response = tables.assumed(
        gap=0.0, arm_share=0.5, particle_rate=0.0, sky=background.sky(scale=0)
    )
    uneven = image()
    rng = np.random.default_rng(7)
    uneven["intensity"] = uneven["intensity"] * rng.uniform(
        0.1, 3.0, uneven["intensity"].shape
    )
    seen = counts.expected(uneven, response, exposure=240.0)
    arrived = float((uneven["intensity"] * camera.solid_angle(uneven)).sum())
    factor = float(fold.counts_per_intensity(response))
    assert float(seen["expected_counts"].sum()) == pytest.approx(
        arrived * 240.0 * factor, rel=1e-6
    )
    # and by channel: counts over area, times energy, line by line
    lines = fold.charge_exchange_spectrum()
    energy = lines["photon_energy"].values
    share = lines.values / lines.values.sum()
    whole = fold.counts_per_intensity(response, band=WHOLE)
    photons = float(seen["expected_counts"].sum()) * float(whole) / factor
    mean_area = (share * fold.area_at(response, energy)).sum()
    carried = photons / mean_area * (share * energy).sum()
    assert carried == pytest.approx(arrived * 240.0, rel=1e-6)


@pytest.mark.parametrize(
    "name",
    [
        "optic_area",
        "quantum_efficiency",
        "filter_transmission",
        "psf",
        "vignetting",
        "chips",
        "sky",
        "particles",
        "redistribution",
    ],
)
def test_every_table_can_be_replaced_alone(name):
    names = [name]
    if name == "redistribution":  # has its own energies and channels
        names += ["energy_low", "energy_high", "channel_low", "channel_high"]
    other = RESPONSE_OF_SXI[names].copy(deep=True)
    other[name] = other[name] * 0.5
    again = tables.replace(RESPONSE_OF_SXI, other)
    RESPONSE.check(again)
    np.testing.assert_allclose(again[name], other[name])
    for kept in set(RESPONSE.variables) - set(names):
        np.testing.assert_allclose(again[kept], RESPONSE_OF_SXI[kept])
    before = counts.expected(image(), RESPONSE_OF_SXI)["expected_counts"]
    after = counts.expected(image(), again)["expected_counts"]
    if name != "psf":  # which is summed to one
        assert float(after.sum()) < 0.999 * float(before.sum())
