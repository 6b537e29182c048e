import pytest

from smile_explore.instruments import lia
from smile_explore.views.ion_readings import readings


@pytest.fixture(scope="module")
def wind():
    return lia.plasma(5.0, (-400.0, 30.0, 0.0), 10.0)


@pytest.fixture(scope="module")
def found(wind):
    seen = lia.distribution(wind, analyser=lia.in_mode("mid"))
    return lia.moments(lia.expose(seen, rng=1)).sel(species="H+")


def test_each_estimate_has_a_row_with_its_uncertainty(found):
    table = readings(found)
    for name in ("plain", "corrected", "fit"):
        assert f">{name}<" in table
    fit = found.sel(estimate="fit")
    expected = (
        f"{fit.temperature.item():.2f} ± "
        f"{fit.temperature_uncertainty.item():.2f}"
    )
    assert expected in table
    assert "km s⁻¹" in table


def test_what_does_not_hold_is_grey_and_asked(found):
    table = readings(found)
    plain = found.sel(estimate="plain").temperature.item()
    (cell,) = [one for one in table.split("<td") if f"{plain:.2f} ±" in one]
    assert "?" in cell
    assert "color" in cell


def test_the_truth_gives_errors_in_percent(found, wind):
    table = readings(found, truth=wind)
    plain = found.sel(estimate="plain").temperature.item()
    assert f"({100 * (plain / 10 - 1):+.1f} %)" in table
    assert ">truth<" in table


def test_what_was_not_found_is_said_to_be_missing(found):
    assert "none" in readings(found.where(False))


def test_several_species_or_times_are_refused(found):
    with pytest.raises(ValueError, match="several along time"):
        readings(found.expand_dims(time=2))


def test_a_truth_of_zero_gives_no_percent(found, wind):
    hollow = wind.assign(temperature=0.0 * wind["temperature"])
    table = readings(found, truth=hollow)
    assert f"{found.sel(estimate='fit').temperature.item():.2f} ±" in table
    assert "inf" not in table
