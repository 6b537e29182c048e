"""The drag-based model against its equation of motion."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from smile_explore.physics import ejection
from smile_explore.physics.ejection import Drag
from smile_explore.physics.sun import AU, RADIUS


@pytest.mark.parametrize("speed", [1360.0, 987.0, 300.0])
@pytest.mark.parametrize("gamma", [0.2, 1.0])
def test_the_front_obeys_the_equation_of_motion(speed, gamma):
    drag = Drag(gamma, wind=420.0)
    rise = (drag.start - 1.0) * RADIUS / speed

    def motion(_, state):
        excess = state[1] - drag.wind
        return [state[1], -gamma * 1e-7 * excess * abs(excess)]

    hours = np.array([20.0, 45.0, 70.0])
    solved = solve_ivp(
        motion,
        (rise, 70 * 3600),
        [drag.start * RADIUS, speed],
        t_eval=hours * 3600,
        rtol=1e-10,
        atol=1e-3,
    )
    distance, now = ejection.height(hours, speed, drag)
    np.testing.assert_allclose(distance * AU, solved.y[0], rtol=1e-8)
    np.testing.assert_allclose(now, solved.y[1], rtol=1e-8)


def test_before_drag_the_speed_is_kept_and_before_the_start_is_nothing():
    distance, speed = ejection.height([-1.0, 0.0, 2.0], 1000.0, Drag())
    assert np.isnan(distance[0])
    expected = np.array([RADIUS, RADIUS + 7.2e6]) / AU
    np.testing.assert_allclose(distance[1:], expected)
    np.testing.assert_allclose(speed[1:], 1000.0)


@pytest.mark.parametrize("free", [Drag(gamma=0.0), Drag(wind=800.0)])
def test_without_drag_or_with_the_wind_the_way_is_distance_by_speed(free):
    hours = ejection.transit(1.0, 800.0, free)
    assert hours * 3600 * 800.0 == pytest.approx(AU - RADIUS)


def test_drag_brings_the_front_toward_the_wind():
    for speed, sign in ((1400.0, 1), (300.0, -1)):
        _, late = ejection.height(300.0, speed, Drag(2.0, 450.0))
        assert 0 < sign * (late - 450.0) < 40.0


def test_transit_inverts_height():
    drag = Drag()
    hours = ejection.transit(0.99, 1267.0, drag)
    assert ejection.height(hours, 1267.0, drag)[0] == pytest.approx(0.99)


def test_what_takes_too_long_does_not_arrive():
    assert np.isnan(ejection.transit(1.0, 60.0, Drag(gamma=0.0)))


def test_the_front_of_a_cone_is_a_half_sphere_on_its_rim():
    off = np.linspace(-35.0, 35.0, 15)
    radius = ejection.front(off, 35.0)
    assert radius[7] == pytest.approx(1.0)
    x, y = radius * np.cos(np.radians(off)), radius * np.sin(np.radians(off))
    middle = 1.0 / (1.0 + np.tan(np.radians(35.0)))
    from_middle = np.hypot(x - middle, y)
    np.testing.assert_allclose(from_middle, 1.0 - middle)
    assert np.isnan(ejection.front(36.0, 35.0))


@pytest.mark.parametrize(
    ("name", "value"), [("gamma", -0.1), ("wind", 20.0), ("start", 0.5)]
)
def test_settings_without_meaning_are_refused(name, value):
    with pytest.raises(ValueError, match=f"{name} of the drag-based model"):
        Drag(**{name: value})
