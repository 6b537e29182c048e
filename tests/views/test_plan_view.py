"""What the lesson on planning shows."""

import holoviews as hv
import numpy as np
import pytest

from smile_explore.instruments.visibility import visibility
from smile_explore.views import plan


def part(overlay, label):
    return next(one for one in overlay if one.label == label)


def test_a_plan_starts_with_its_month_within_a_year_of_september():
    for month, first in (
        (9, "2026-09-01"),
        (12, "2026-12-01"),
        (2, "2027-02-01"),
    ):
        flown = plan.plan(180.0, month=month, days=1.0, step=60.0)
        assert flown.sizes["time"] == 24
        assert flown.time.values[0] == np.datetime64(first)


def test_smile_is_where_it_is_after_so_many_hours():
    left, right, seen = plan.place(25.3)
    smile = part(left, "SMILE")
    assert np.hypot(smile["x"], part(right, "SMILE")["z"])[0] > 18.0
    assert part(seen, "nose")["fov_lat"].size == 1
    hv.renderer("bokeh").get_plot(plan.place(25.3))
    # after the end it stays at the end
    (early, _, _), (late, _, _) = plan.place(-1.0), plan.place(99.0)
    assert part(early, "SMILE")["x"] != part(late, "SMILE")["x"]


def test_bars_and_angles_are_of_the_node_that_is_chosen():
    seen = {
        raan: plan.one_orbit(raan, 12).traverse(lambda one: one, [hv.Overlay])
        for raan in (0.0, 180.0)
    }
    shares = {}
    for raan, (bars, angles) in seen.items():
        met = visibility(plan.plan(raan, month=12))
        shares[raan] = float(met["observing"].mean())
        np.testing.assert_array_equal(
            part(angles, "nose")["sun_angle"], met["nose_angle"]
        )
        assert len(bars) > 10
    assert shares[0.0] < 0.4 < 0.7 < shares[180.0]


def test_a_year_shows_the_share_of_every_three_orbits():
    view = plan.year(180.0)
    line = part(view, "SXI may take images")
    assert line["share"].size == 57
    assert 0.5 < line["share"].min() < line["share"].max() < 0.9
    hv.renderer("bokeh").get_plot(view)


@pytest.mark.parametrize(
    ("raan", "verdict"), [(120, True), (180, False), (300, False)]
)
def test_an_answer_is_checked(raan, verdict):
    right, said = plan.answer(raan)
    assert right is verdict
    assert said.startswith(f"At RAAN {raan}°")
    lowest = part(plan.year(float(raan)), "SXI may take images")["share"].min()
    assert f"leave SXI {100 * lowest:.0f} %" in said
