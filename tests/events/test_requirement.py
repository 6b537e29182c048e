"""The study of the requirement: its rows, its figures, its table."""

import numpy as np
import pandas as pd
import pytest

from smile_explore.events import _requirement_rows, requirement
from smile_explore.physics import boundaries

PLACE = "over the pole"
FAST = ("tangent_fit", "maximum")


def settings(**changes):
    return {
        "places": [PLACE],
        "methods": FAST,
        "realisations": 2,
        "rng": 7,
        "scheduler": "synchronous",
    } | changes


@pytest.fixture(scope="module", autouse=True)
def kept_images():
    """Keep the images of a case: most tests look at the same."""
    images, kept = _requirement_rows.images, {}

    def once(case, places, series):
        key = (case, tuple(places), series)
        if key not in kept:
            kept[key] = images(case, places, series)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_requirement_rows, "images", once)
        yield


@pytest.fixture(scope="module")
def case():
    (one,) = requirement.analytic_cases(densities=(20.0,), speeds=(600.0,))
    return one


@pytest.fixture(scope="module")
def table(case):
    return requirement.sweep([case], **settings(exposures=(60.0, 300.0)))


def test_each_setting_method_and_draw_has_a_row(table):
    assert tuple(table.columns) == requirement.COLUMNS
    assert len(table) == 2 * 2 * len(FAST)
    keys = ["exposure", "method", "realisation"]
    assert not table.duplicated(keys).any()
    assert (table["status"] == "found").all()


def test_the_truth_of_an_analytic_case_is_its_boundary(case, table):
    pressure = 1.67262e-6 * case.density * case.speed**2
    field = abs(case.bz) ** 2 * 1e-18 / (2 * 4e-7 * np.pi) * 1e9
    nose = boundaries.lin_magnetopause(
        0.0, 0.0, pressure, field, case.bz, dipole_tilt=case.dipole_tilt
    )
    np.testing.assert_allclose(table["truth"], nose, atol=2e-3)
    np.testing.assert_allclose(
        table["error"], table["standoff"] - table["truth"], atol=2e-3
    )
    assert table["truth_last_closed"].isna().all()


def test_the_nose_of_a_known_magnetosphere_is_found(case, table):
    fit = table[table["method"] == "tangent_fit"]
    assert (fit["error"].abs() < 0.25).all()
    assert case.flux == pytest.approx(20.0 * 600.0 * 1e5)
    assert (table["flux"] == case.flux).all()


def test_a_seed_repeats_a_sweep_and_another_does_not(case, table):
    again = requirement.sweep([case], **settings(exposures=(60.0, 300.0)))
    pd.testing.assert_frame_equal(again, table)
    other = requirement.sweep([case], **settings(rng=8))
    same = table[table["exposure"] == 300.0].reset_index(drop=True)
    assert (other["standoff"] != same["standoff"]).all()


def test_a_row_does_not_depend_on_what_else_is_swept(case, table):
    alone = requirement.sweep(
        [case], **settings(methods=["maximum"], realisations=1)
    )
    rows = table[(table["exposure"] == 300.0) & (table["method"] == "maximum")]
    assert alone["standoff"].item() == rows["standoff"].iloc[0]


def test_in_parallel_it_is_the_same(case, table):
    parallel = requirement.sweep(
        [case],
        **settings(exposures=(60, 300), scheduler="threads"),
    )
    pd.testing.assert_frame_equal(parallel, table)


def test_cubes_and_images_are_made_once(case, monkeypatch):
    made = []
    images = _requirement_rows.images

    def counted(*given):
        made.append(given)
        return images(*given)

    monkeypatch.setattr(_requirement_rows, "images", counted)
    requirement.sweep(
        [case],
        **settings(
            places=[PLACE, "behind the pole"],
            hydrogens=(25.0, 40.0),
            methods=["maximum"],
        ),
    )
    assert len(made) == 1


def test_more_hydrogen_and_longer_exposures_scatter_less(case):
    table = requirement.sweep(
        [case],
        **settings(
            exposures=(30.0, 3000.0), methods=["tangent_fit"], realisations=8
        ),
    )
    scatter = table.groupby("exposure")["standoff"].std()
    assert scatter[3000.0] < 0.6 * scatter[30.0]


def test_progress_is_told_and_can_cancel(case):
    told = []
    requirement.sweep(
        [case], **settings(), progress=lambda *step: told.append(step)
    )
    assert told[-1][0] == told[-1][1] == len(told)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        requirement.sweep([case], **settings(), progress=stop)


def test_tangents_of_a_series_are_swept_too(case):
    table = requirement.sweep([case], **settings(methods=requirement.METHODS))
    once = table[table["method"].isin(["boundary_fit", "tangent_direction"])]
    assert (once["realisation"] == 0).all()
    assert (once["error"].abs() < 0.5).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"methods": ["guess"]}, "unknown method 'guess'; there are: tangent"),
        ({"methods": []}, "empty: give at least one methods"),
        ({"places": ["the Moon"]}, "unknown place 'the Moon'"),
        ({"places": []}, "empty: give at least one places"),
        ({"exposures": (-300.0,)}, "exposure must be positive, got -300 s"),
        ({"exposures": ()}, "empty: give at least one exposures"),
        ({"hydrogens": (0.0,)}, "hydrogen must be positive, got 0 cm-3"),
        ({"backgrounds": (-1.0,)}, "background must be zero or above, got -1"),
        ({"realisations": 0}, "realisations must be 1 or more, got 0"),
        ({"scheduler": "magic"}, "scheduler must be threads, processes or"),
    ],
)
def test_what_cannot_be_swept_is_refused(case, change, message):
    with pytest.raises(ValueError, match=message):
        requirement.sweep([case], **settings(**change))


def test_a_sweep_of_nothing_and_a_bare_text_are_refused(case):
    with pytest.raises(ValueError, match="empty: give at least one cases"):
        requirement.sweep([], **settings())
    with pytest.raises(TypeError, match="give a list of methods, got the te"):
        requirement.sweep([case], **settings(methods="maximum"))


def test_what_fails_says_why(case):
    table = requirement.sweep([case], **settings(exposures=(0.05,)))
    assert table["standoff"].isna().all()
    assert table["status"].str.contains("counts|noise|arc").all()


def test_mhd_cases_know_their_wind_and_their_truth():
    cases = {case.name: case for case in requirement.mhd_cases()}
    case = cases["A"]
    assert case.flux == pytest.approx(4.8e8)
    assert case.bz == -5.0
    truth = case.truth(case.cube())
    # Found when the run was made, on its own grid.
    assert truth["last_closed"] == pytest.approx(9.13, abs=0.25)
    assert np.isnan(truth["exact"])
    assert cases["B"].dipole_tilt == pytest.approx(24.1, abs=0.1)


def test_places_are_beyond_15_earth_radii_and_look_at_the_nose():
    for place in requirement.PLACES.values():
        pointing = place.pointing()
        distance = np.sqrt((pointing["position"] ** 2).sum())
        assert 15.0 < distance < 20.1
        assert bool(pointing["sxi_on"])
        series = place.pointing((-1.0, 0.0, 1.0))
        np.testing.assert_allclose(
            series["position"].isel(time=1), pointing["position"]
        )


# Figures


@pytest.fixture
def errors():
    return pd.DataFrame(
        {
            "model": "MHD",
            "method": "maximum",
            "error": [*np.linspace(-1.0, 1.0, 101), np.nan],
            "uncertainty": 0.5,
        }
    )


def test_a_summary_gives_median_spread_and_share(errors):
    row = requirement.summary(errors).iloc[0]
    assert row["rows"] == 102
    assert row["found"] == pytest.approx(101 / 102)
    assert row["median"] == pytest.approx(0.0)
    assert (row["low"], row["high"]) == pytest.approx((-0.9, 0.9))
    assert row["typical"] == pytest.approx(0.5, abs=0.01)
    assert row["most"] == pytest.approx(0.95, abs=0.02)
    assert row["within"] == pytest.approx(51 / 102, abs=0.02)
    assert row["chi"] == pytest.approx(0.68 / 0.5, abs=0.03)


def test_a_summary_by_what_is_not_there_is_refused(errors):
    with pytest.raises(ValueError, match="by must be columns of the table"):
        requirement.summary(errors, by=["colour"])


# The table that ships


@pytest.fixture(scope="module")
def published():
    return requirement.published()


def test_the_published_table_has_the_columns_of_the_code(published):
    assert tuple(published.columns) == requirement.COLUMNS
    assert set(published["method"]) == set(requirement.METHODS)
    assert set(published["place"]) == set(requirement.PLACES)
    cases = [
        *requirement.mhd_cases(),
        *requirement.analytic_cases(),
        *requirement.analytic_cases(
            densities=(12.25, 40.0), boundary="shue_magnetopause"
        ),
    ]
    assert set(published["case"]) == {case.name for case in cases}
    assert set(published["exposure"]) == {60.0, 300.0, 900.0}
    assert published["hydrogen"].nunique() == 3
    assert published["background"].nunique() == 3


def test_the_published_table_is_not_changed_by_its_readers(published):
    mine = requirement.published()
    mine["error"] = 0.0
    assert not (requirement.published()["error"] == 0.0).all()


def test_rows_of_the_published_table_come_out_again(published, case):
    rows = published[
        (published["case"] == case.name)
        & (published["place"] == PLACE)
        & (published["exposure"] == 300.0)
        & (published["hydrogen"] == 25.0)
        & (published["background"] == 5.0)
        & published["method"].isin(FAST)
    ]
    # Bz and tilt of a case depend on where it stands in the whole list.
    (same,) = [
        one for one in requirement.analytic_cases() if one.name == case.name
    ]
    again = requirement.sweep([same], **settings(rng=0, realisations=3))
    np.testing.assert_allclose(
        np.sort(again["standoff"]), np.sort(rows["standoff"]), atol=0.02
    )


def test_another_truth_moves_the_errors_of_mhd_alone(published):
    judged = requirement.with_truth(published, "density_gradient")
    mhd = published["model"] == "MHD"
    moved = (judged["error"] - published["error"])[mhd].dropna()
    assert (moved.abs() > 0.01).any()
    np.testing.assert_allclose(
        judged["error"][~mhd], published["error"][~mhd], atol=2e-3
    )
    with pytest.raises(ValueError, match="definition must be one of last_clo"):
        requirement.with_truth(published, "eye")
