"""The study of the requirement as dots, as a picture and as a page."""

import itertools

import holoviews as hv
import numpy as np
import pandas as pd
import pytest

from smile_explore.events import requirement
from smile_explore.views import requirement_page
from smile_explore.views.requirement import errors
from smile_explore.views.requirement_picture import COLOURS, LABELS, draw


@pytest.fixture(scope="module")
def table():
    """Rows as of the study, with errors that are drawn."""
    rng = np.random.default_rng(0)
    usual = (300.0, 25.0, 5.0)
    varied = [(60.0, 25.0, 5.0), (300.0, 40.0, 5.0), (300.0, 25.0, 20.0)]
    models = [("MHD", "MHD", "A"), ("analytic", "lin_magnetopause", "lin")]
    winds = [(12.25, 400.0, 5.0), (40.0, 500.0, -5.0), (8.0, 400.0, 5.0)]
    rows = []
    for (model, boundary, name), (
        n,
        v,
        bz,
    ), place, method in itertools.product(
        models, winds, requirement.PLACES, requirement.METHODS
    ):
        for setting, draw_ in itertools.product([usual, *varied], range(3)):
            error = rng.normal(0.1, 0.2)
            exact = np.nan if model == "MHD" else 8.0
            row = dict.fromkeys(requirement.COLUMNS, 0.0) | {
                "case": f"{name} {n:g}",
                "model": model,
                "boundary": boundary,
                "density": n,
                "speed": v,
                "bz": bz,
                "flux": n * v * 1e5,
                "place": place,
                "method": method,
                "realisation": draw_,
                "truth": 8.0,
                "truth_exact": exact,
                "error": error if draw_ or n > 10 else np.nan,
                "standoff": 8.0 + error,
                "uncertainty": 0.2,
                "status": "found",
            }
            row |= dict(
                zip(
                    ("exposure", "hydrogen", "background"),
                    setting,
                    strict=True,
                )
            )
            for definition in ("last_closed", "density_gradient"):
                row[f"truth_{definition}"] = 8.0
            rows.append(row)
    return pd.DataFrame(rows)


def test_every_error_that_was_found_is_a_dot(table):
    view = errors(table, title="All")
    dots = {one.label: one for one in view if isinstance(one, hv.Scatter)}
    assert set(dots) == set(LABELS.values())
    for method, label in LABELS.items():
        rows = table[(table["method"] == method) & table["error"].notna()]
        np.testing.assert_array_equal(dots[label]["error"], rows["error"])
        np.testing.assert_allclose(dots[label]["flux_1e8"], rows["flux"] / 1e8)
        colour = dots[label].opts.get().kwargs["color"]
        assert colour == COLOURS[method]
    (band,) = (one for one in view if isinstance(one, hv.HSpan))
    assert list(band.data) == [-0.5, 0.5]
    hv.render(view)


def test_the_axes_say_what_they_are(table):
    figure = hv.render(errors(table))
    assert figure.xaxis.axis_label == "solar wind flux [10⁸ cm⁻² s⁻¹]"
    assert figure.yaxis.axis_label == "found − true standoff [Rᴇ]"


def test_a_method_that_found_nothing_is_left_out(table):
    none = table.assign(error=table["error"].where(table.method != "maximum"))
    labels = {one.label for one in errors(none)}
    assert "maximum" not in labels
    assert "gradient" in labels


def test_the_picture_is_drawn_the_same_twice(table, tmp_path):
    for name in ("one.png", "two.png"):
        draw(table, tmp_path / name)
    one, two = (tmp_path / n for n in ("one.png", "two.png"))
    assert one.read_bytes() == two.read_bytes()
    assert one.stat().st_size > 50_000


def test_page_picture_and_tables_are_written(table, tmp_path):
    paths = requirement_page.write(table, tmp_path)
    assert [path.name for path in paths] == [
        "requirement.md",
        "requirement.csv",
        "requirement_rows.csv",
        "requirement.png",
    ]
    small = pd.read_csv(paths[1])
    assert set(small["method"]) == set(requirement.METHODS)
    back = pd.read_csv(paths[2])
    pd.testing.assert_series_equal(back["error"], table["error"])


def test_the_page_tells_the_figures_of_the_table(table):
    text = requirement_page.page(table)
    strong = table[
        (table["flux"] >= 4.8e8)
        & (table["exposure"] == 300.0)
        & (table["hydrogen"] == 25.0)
        & (table["background"] == 5.0)
        & (table["model"] == "MHD")
        & (table["method"] == "maximum")
    ]
    median = strong["error"].median()
    rows = [line for line in text.splitlines() if "| maximum |" in line]
    assert any(f"| {median:+.2f} |" in row for row in rows)
    assert f"{len(table)} searches" in text
    assert "nan" not in text.split("What is the truth")[0]


def test_weak_wind_is_no_part_of_the_figures(table):
    weak = table[table["flux"] < 4.0e8]
    assert len(weak)
    figures = requirement_page.figures(table)
    assert figures["rows"].sum() == len(table) - len(weak)
