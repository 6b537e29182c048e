from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from smile_explore.retrieval.crossings import (
    alfven_velocity,
    de_hoffmann_teller,
    walen,
)
from tests.retrieval.in_situ import noisy, rotational

FRAME = np.array([-30.0, 60.0, 120.0])


def test_flow_along_the_field_in_a_moving_frame_gives_the_frame():
    moments, field = rotational(frame=FRAME)
    found = de_hoffmann_teller(moments.velocity, field.magnetic_field)
    np.testing.assert_allclose(found.velocity, FRAME, atol=1e-8)
    assert float(found.correlation) == pytest.approx(1.0)
    assert float(found.residual) < 1e-12


def test_it_leaves_the_least_electric_field():
    moments, field = noisy(*rotational(frame=FRAME), 1)
    found = de_hoffmann_teller(moments.velocity, field.magnetic_field)

    def left(frame):
        electric = np.cross(moments.velocity - frame, field.magnetic_field)
        return (electric**2).sum()

    least = left(found.velocity.values)
    for step in np.vstack([np.eye(3), -np.eye(3)]):
        assert left(found.velocity.values + 0.1 * step) > least


def test_the_uncertainty_is_the_scatter_of_many_noisy_series():
    moments, field = rotational(frame=FRAME, count=100, at=50.5)
    rng = np.random.default_rng(2)
    frames, said = [], []
    for _ in range(300):
        flow = moments.velocity + rng.normal(0.0, 8.0, (100, 3))
        found = de_hoffmann_teller(flow, field.magnetic_field)
        frames.append(found.velocity.values)
        said.append(found.uncertainty.values)
    np.testing.assert_allclose(
        np.std(frames, axis=0), np.mean(said, axis=0), rtol=0.12
    )
    np.testing.assert_allclose(np.mean(frames, axis=0), FRAME, atol=0.5)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_rotational_discontinuity_has_the_slope_of_one(sign):
    moments, field = rotational(frame=FRAME, sign=sign)
    waves = alfven_velocity(field.magnetic_field, moments.density)
    # 40.8 nT in 20 protons cm-3: 21.8 * 40.8 / sqrt(20) km s-1
    strength = np.hypot(40.0, 8.0)
    np.testing.assert_allclose(
        np.linalg.norm(waves, axis=1),
        21.812 * strength / np.sqrt(20.0),
        rtol=1e-4,
    )
    test = walen(moments.velocity, waves, FRAME)
    assert float(test.slope) == pytest.approx(sign, abs=1e-9)
    assert float(test.correlation) == pytest.approx(sign, abs=1e-9)


def test_the_slope_is_off_by_about_what_it_says():
    misses = []
    for seed in range(60):
        moments, field = noisy(*rotational(count=80, at=40.5), seed, nano=0.0)
        moments["density"] = moments.density * 0.0 + 20.0
        waves = alfven_velocity(field.magnetic_field, moments.density)
        test = walen(moments.velocity, waves, FRAME)
        misses.append(float((test.slope - 1.0) / test.uncertainty))
    assert np.std(misses) == pytest.approx(1.0, abs=0.25)


def test_pressure_along_the_field_slows_the_wave():
    moments, field = rotational()
    b = field.magnetic_field / 40.792156
    other = b.rename(component="with_component")
    eye = xr.DataArray(
        np.eye(3), dims=("component", "with_component"), name="eye"
    ).assign_coords(component=list("xyz"), with_component=list("xyz"))
    # 150 eV more along the field than across it
    tensor = 100.0 * eye + 150.0 * b * other
    plain = alfven_velocity(field.magnetic_field, moments.density)
    slowed = alfven_velocity(
        field.magnetic_field, moments.density, temperature_tensor=tensor
    )
    # alpha = mu0 n 150 eV / B^2 by hand
    alpha = 1.25663706e-6 * 20e6 * 150 * 1.602176634e-19 / 40.792156e-9**2
    assert alpha == pytest.approx(0.363, abs=1e-3)
    np.testing.assert_allclose(slowed / plain, np.sqrt(1 - alpha), rtol=1e-5)
    unstable = alfven_velocity(
        field.magnetic_field, moments.density, temperature_tensor=10.0 * tensor
    )
    assert unstable.isnull().all()


def test_heavier_ions_are_slower():
    moments, field = rotational()
    plain = alfven_velocity(field.magnetic_field, moments.density)
    heavy = alfven_velocity(field.magnetic_field, moments.density, mass=1.21)
    np.testing.assert_allclose(plain / heavy, 1.1)


def test_bad_input_is_refused():
    moments, field = rotational()
    flow, magnetic = moments.velocity, field.magnetic_field
    with pytest.raises(ValueError, match="is zero or keeps its direction"):
        de_hoffmann_teller(flow, 0.0 * magnetic)
    with pytest.raises(ValueError, match="is zero or keeps its direction"):
        de_hoffmann_teller(flow, 0.0 * magnetic + magnetic[0])
    with pytest.raises(ValueError, match="at least 4 samples .* got 3"):
        de_hoffmann_teller(flow[:3], magnetic[:3])
    with pytest.raises(ValueError, match="Alfven velocity is zero"):
        walen(flow, 0.0 * flow, FRAME)
    nothing = alfven_velocity(magnetic, 0.0 * moments.density)
    with pytest.raises(ValueError, match="at least 4 samples .* got 0"):
        walen(flow, nothing, FRAME)
