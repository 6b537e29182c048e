import numpy as np
import pytest
from scipy.interpolate import KroghInterpolator

from smile_explore.physics import hermite

RNG = np.random.default_rng(5)


@pytest.mark.parametrize("with_slopes", [True, False])
def test_a_polynomial_of_the_degree_is_met_exactly(with_slopes):
    curve = np.polynomial.Polynomial(RNG.normal(size=hermite.DEGREE + 1))
    nodes = np.sort(RNG.uniform(-1.0, 1.0, 20))
    at = np.sort(RNG.uniform(nodes[0], nodes[-1], 50))
    values = curve(nodes)[:, None]
    slopes = curve.deriv()(nodes)[:, None] if with_slopes else None
    found, rates = hermite.interpolate(at, nodes, values, slopes)
    np.testing.assert_allclose(found[:, 0], curve(at), atol=1e-8)
    np.testing.assert_allclose(rates[:, 0], curve.deriv()(at), atol=1e-5)


def test_it_is_the_polynomial_of_scipy_through_the_nearest_four():
    nodes = np.arange(10.0) ** 1.2
    values, slopes = RNG.normal(size=(2, 10, 3))
    at = np.array([nodes[4] + 0.3])
    four = np.repeat(nodes[3:7], 2)
    given = np.stack([values[3:7], slopes[3:7]], axis=1).reshape(8, 3)
    known = KroghInterpolator(four, given)
    found, rates = hermite.interpolate(at, nodes, values, slopes)
    np.testing.assert_allclose(found, known(at), rtol=1e-9)
    np.testing.assert_allclose(rates, known.derivative(at), rtol=1e-9)


def test_nodes_keep_their_values():
    nodes = np.arange(6.0)
    values, slopes = RNG.normal(size=(2, 6, 3))
    found, rates = hermite.interpolate(nodes, nodes, values, slopes)
    np.testing.assert_allclose(found, values, atol=1e-12)
    np.testing.assert_allclose(rates, slopes, atol=1e-12)


def test_few_nodes_lower_the_degree():
    nodes = np.array([0.0, 1.0])
    values = np.array([[0.0], [1.0]])
    found, rates = hermite.interpolate(np.array([0.25]), nodes, values)
    assert found[0, 0] == pytest.approx(0.25)
    assert rates[0, 0] == pytest.approx(1.0)
    alone = hermite.interpolate(nodes[:1], nodes[:1], values[:1], values[1:])
    assert [one[0, 0] for one in alone] == [0.0, 1.0]


def test_many_times_are_worked_on_in_parts(monkeypatch):
    nodes = np.arange(50.0)
    values = np.sin(nodes / 9.0)[:, None]
    at = RNG.uniform(0.0, 49.0, 100)
    whole = hermite.interpolate(at, nodes, values)
    monkeypatch.setattr(hermite, "_AT_ONCE", 7)
    parts = hermite.interpolate(at, nodes, values)
    np.testing.assert_array_equal(parts, whole)
    np.testing.assert_allclose(whole[0][:, 0], np.sin(at / 9.0), atol=1e-7)
