import holoviews as hv
import numpy as np
import pytest
import xarray as xr

from smile_explore.explorer.panel import render
from smile_explore.instruments import lia
from smile_explore.physics import distributions, velocity_slice
from smile_explore.views import ions
from smile_explore.views.box import Box

UNIT = "s³ m⁻⁶"
#: The middle of one of the pixels of a slice. [km s-1]
RIGHT, UP = -800.0 + 75 * 800.0 / 101, -800.0 + 107 * 800.0 / 101


def part(overlay, label):
    return next(one for one in overlay if one.label == label)


@pytest.fixture(scope="module")
def plasma():
    """Solar wind twice, then twice the sheath, not evenly in time."""
    minutes = np.array([0, 10, 12, 13]) * np.timedelta64(60, "s")
    flow = [[-400.0, 30.0, 10.0]] * 2 + [[-150.0, 80.0, 40.0]] * 2
    return xr.Dataset(
        {
            "density": ("time", [5.0, 5.0, 20.0, 20.0]),
            "velocity": (("time", "component"), flow),
            "temperature": ("time", [10.0, 10.0, 200.0, 200.0]),
            "magnetic_field": (("time", "component"), [[3.0, 4.0, -2.0]] * 4),
        },
        {
            "time": np.datetime64("2012-06-16T21:40", "ns") + minutes,
            "component": ["x", "y", "z"],
        },
    )


@pytest.fixture(scope="module")
def seen(plasma):
    analyser = lia.in_mode("mid")
    return lia.expose(lia.distribution(plasma, analyser=analyser), rng=1)


@pytest.fixture(scope="module")
def found(seen):
    both = lia.moments(seen, estimates=("plain", "corrected")).compute()
    return both.sel(species="H+")


@pytest.fixture(scope="module")
def times(plasma):
    return plasma.time.values


@pytest.fixture
def options(found, plasma):
    return {
        "velocity": found.velocity.sel(estimate="corrected"),
        "magnetic_field": plasma.magnetic_field,
    }


def test_the_spectrogram_is_the_energy_flux_of_each_time(seen, times):
    spectrum = distributions.spectrum(seen).compute()
    picture = part(ions.spectrogram(spectrum, times[0]), "energy flux")
    flux = picture.dimension_values(2, flat=False)
    columns = [0, 500, 750, flux.shape[1] - 1]
    left, low, right, high = picture.bounds.lbrt()
    middles = left + (np.array(columns) + 0.5) / flux.shape[1] * (right - left)
    expected = spectrum.energy_flux.sel(time=middles, method="nearest")
    np.testing.assert_allclose(flux[:, columns], expected.T, rtol=1e-6)
    assert (low, high) == (pytest.approx(5.0), pytest.approx(25_000.0))


def test_the_ends_of_the_spectrogram_lie_half_a_step_out(seen, times):
    spectrum = distributions.spectrum(seen).compute()
    picture = part(ions.spectrogram(spectrum, times[0]), "energy flux")
    left, _, right, _ = picture.bounds.lbrt()
    minutes = (np.array([left, right]) - times[0]) / np.timedelta64(1, "m")
    np.testing.assert_allclose(minutes, [-5.0, 13.5])


def test_a_band_and_a_box_are_framed_and_let_go(seen, times, options):
    spectrum = distributions.spectrum(seen).compute()
    framed = ions.spectrogram(spectrum, times[0], energy=(100.0, 900.0))
    energies = part(framed, "box")["energy"]
    assert (energies.min(), energies.max()) == (100.0, 900.0)
    assert np.isnan(ions.band(spectrum, None)["box"]["energy"]).all()
    box = Box("distribution", (-300.0, 50.0), (0.0, 400.0))
    framed = part(ions.distribution(seen, times[1], box=box, **options), "box")
    assert (framed["right"].min(), framed["right"].max()) == box.x
    assert (framed["up"].min(), framed["up"].max()) == box.y
    assert np.isnan(ions.box(None)["box"]["up"]).all()


def test_on_a_logarithmic_axis_nothing_lies_at_zero(found, times):
    cold = found.assign(temperature=found.temperature * 0.0 - 4.0)
    view = ions.moments(cold, times[0], quantity="temperature", logy=True)
    for name in ("corrected", "doubtful"):
        assert np.isnan(part(view, name)["temperature"]).all()
    warm = ions.moments(found, times[0], quantity="density", logy=True)
    assert (part(warm, "uncertainty")["density"] > 0.0).all()


def test_the_spectrogram_says_its_units_and_what_it_is_not(seen, times):
    spectrum = distributions.spectrum(seen).compute()
    view = ions.spectrogram(spectrum, times[0])
    figure = hv.renderer("bokeh").get_plot(view).state
    assert figure.title.text == (
        "Ion energy flux [eV cm⁻² s⁻¹ sr⁻¹ eV⁻¹]: simulated"
    )
    assert figure.yaxis.axis_label == "energy per charge [eV]"
    assert any(isinstance(one, hv.VLine) for one in view)
    real = spectrum.assign_attrs(measured=True)
    title = (
        hv.renderer("bokeh").get_plot(ions.spectrogram(real, times[0])).state
    )
    assert title.title.text.endswith(": measured")


def test_colours_of_the_spectrogram_reach_four_decades_down(seen, times):
    spectrum = distributions.spectrum(seen).compute()
    mesh = part(ions.spectrogram(spectrum, times[0]), "energy flux")
    low, high = mesh.opts.get().kwargs["clim"]
    assert high == pytest.approx(float(spectrum.energy_flux.max()))
    assert low == pytest.approx(high / 1e4)


def test_one_time_makes_no_spectrogram(seen, times):
    spectrum = distributions.spectrum(seen).isel(time=[0])
    with pytest.raises(ValueError, match="two times or more, got 1"):
        ions.spectrogram(spectrum, times[0])


@pytest.mark.parametrize("quantity", ions.QUANTITIES)
def test_points_are_the_moments_and_valid_ones_have_the_colour(
    found, times, quantity
):
    view = ions.moments(found, times[0], quantity=quantity)
    name, take = ions.QUANTITIES[quantity]
    values = take(found[name].sel(estimate="corrected")).values
    valid = found[f"{name}_valid"].sel(estimate="corrected").values
    good, bad = part(view, "corrected"), part(view, "doubtful")
    np.testing.assert_array_equal(good[name], values[valid])
    np.testing.assert_array_equal(good["time"], times[valid])
    np.testing.assert_array_equal(bad[name], values[~valid])
    colours = {one.opts.get().kwargs["color"] for one in (good, bad)}
    assert len(colours) == 2
    figure = hv.renderer("bokeh").get_plot(view).state
    assert figure.yaxis.axis_label.startswith(quantity)
    assert figure.title.text == f"Ion {quantity}: simulated"


def test_the_temperature_of_a_cold_wind_in_a_coarse_mode_is_doubtful(
    found, times
):
    view = ions.moments(found, times[0], quantity="temperature")
    assert list(part(view, "doubtful")["time"]) == list(times[:2])
    assert list(part(view, "corrected")["time"]) == list(times[2:])


def test_the_truth_lies_as_a_thin_line_behind(found, plasma, times):
    view = ions.moments(found, times[0], quantity="speed", truth=plasma)
    assert next(iter(view)).label == "truth"
    np.testing.assert_allclose(
        part(view, "truth")["velocity"],
        np.sqrt((plasma.velocity**2).sum("component")),
    )
    without = ions.moments(found, times[0], quantity="speed")
    assert "truth" not in [one.label for one in without]


def test_bars_are_as_long_as_the_uncertainty(found, times):
    view = ions.moments(found, times[0], quantity="density")
    bars = part(view, "uncertainty")
    error = found.density_uncertainty.sel(estimate="corrected")
    np.testing.assert_allclose(
        bars["above"] - bars["density"], 2 * error, rtol=1e-6
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"quantity": "pressure"}, "density, speed, .* got 'pressure'"),
        ({"estimate": "fit"}, "plain, corrected, got 'fit'"),
    ],
)
def test_what_is_not_there_is_refused(found, times, options, message):
    with pytest.raises(ValueError, match=message):
        ions.moments(found, times[0], **options)


def test_several_species_are_refused(seen, times):
    both = lia.moments(seen, estimates=("corrected",))
    with pytest.raises(ValueError, match=r'\.sel\(species="H\+"\)'):
        ions.moments(both, times[0])


@pytest.mark.parametrize("plane", velocity_slice.PLANES)
def test_the_slice_is_brightest_about_the_mean_velocity(
    seen, times, options, plane
):
    view = ions.distribution(seen, times[1], plane=plane, **options)
    image = part(view, "distribution")
    shown = image.dimension_values(2, flat=False)
    up, right = np.unravel_index(np.nanargmax(shown), shown.shape)
    flow = part(view, "mean velocity")
    where = [
        image.dimension_values(axis, expanded=False)[i]
        for axis, i in ((0, right), (1, up))
    ]
    apart = np.hypot(where[0] - flow["right"][0], where[1] - flow["up"][0])
    assert apart < 70.0


def test_the_slice_shows_what_was_seen_there(seen, plasma, times, options):
    view = ions.distribution(seen, times[3], plane="x and z", **options)
    image = part(view, "distribution")
    now = seen.isel(time=3).compute()
    out = -float(options["velocity"][3, 1])  # the third axis is -y
    direct = velocity_slice.cut(
        now,
        velocity_slice.axes(
            "x and z", velocity=(0, 0, 0), magnetic_field=(0, 0, 0)
        ),
        right=[RIGHT],
        up=[UP],
        out=out,
    )
    assert image[RIGHT, UP] == pytest.approx(direct.item())


def test_axes_and_title_of_the_slice_say_what_they_are(seen, times, options):
    for plane, right in (("B and V", "along B"), ("x and y", "Vx GSM")):
        view = ions.distribution(seen, times[0], plane=plane, **options)
        figure = hv.renderer("bokeh").get_plot(view).state
        assert figure.xaxis.axis_label == f"{right} [km s⁻¹]"
        assert figure.title.text == f"Ion phase space density [{UNIT}]"
        assert figure.x_range.end == 800.0


def test_what_moves_with_the_clock_is_what_the_view_draws(
    seen, times, options
):
    panel = render(
        ions.distribution(seen, times[0], **options),
        {"frame_width": 200, "frame_height": 200},
    )
    moved = ions.layers(seen, times[3], **options)
    panel.show(moved)
    fresh = ions.distribution(seen, times[3], **options)
    drawn = {one.label for one in fresh} - {"box"}
    assert set(moved) == drawn | {"colours"}
    again = render(fresh, {"frame_width": 200, "frame_height": 200})
    for label, source in again.sources.items():
        for name, values in moved.get(label, {}).items():
            np.testing.assert_array_equal(
                panel.sources[label].data[name], values
            )
            np.testing.assert_array_equal(source.data[name], values)
    assert panel.colours.high == moved["colours"]["high"]


def test_without_a_field_the_panel_says_which_planes_there_are(
    seen, times, options
):
    bare = options | {"magnetic_field": options["magnetic_field"] * 0.0}
    view = ions.distribution(seen, times[0], **bare)
    assert part(view, "note")["text"].tolist() == [
        "no magnetic field: choose a plane of GSM"
    ]
    assert hv.renderer("bokeh").get_plot(view).state.title.text


def test_the_note_says_when_and_that_it_is_simulated(seen, times, options):
    view = ions.distribution(seen, times[2], **options)
    assert part(view, "note")["text"].tolist() == [
        "2012-06-16 21:52:00, simulated"
    ]


def test_a_time_outside_the_data_is_refused(seen, times, options):
    with pytest.raises(ValueError, match="21:30 is outside the event"):
        ions.layers(seen, times[0] - np.timedelta64(10, "m"), **options)


def test_a_plane_that_is_not_there_is_refused(seen, times, options):
    with pytest.raises(ValueError, match="B and V, across B, .* got 'U'"):
        ions.distribution(seen, times[0], plane="U", **options)
