from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from smile_explore.retrieval import uv_map


def image(mlat, mlt, radiance, uncertainty=None):
    dims = ("fov_lat", "fov_lon")
    columns = {"radiance": radiance, "mlat": mlat, "mlt": mlt}
    if uncertainty is not None:
        columns["uncertainty"] = uncertainty
    shape = np.shape(radiance)
    return xr.Dataset(
        {name: (dims, np.asarray(v, float)) for name, v in columns.items()},
        coords={
            "fov_lat": np.arange(shape[0]) * 0.02,
            "fov_lon": np.arange(shape[1]) * 0.02,
        },
    )


def test_a_cell_is_the_mean_of_its_pixels_and_its_noise_falls():
    seen = image(
        [[70.1, 70.2], [70.3, 70.4]],
        [[0.1, 0.2], [23.9, 0.15]],
        [[2.0, 4.0], [9.0, 6.0]],
        np.full((2, 2), 3.0),
    )
    cells = uv_map.average(seen)
    one = cells.sel(mlat=70.25, mlt=0.125)
    assert one.radiance == pytest.approx(4.0)
    assert one.uncertainty == pytest.approx(3.0 / np.sqrt(3.0))
    assert one.pixels == 3
    assert cells.radiance.sel(mlat=70.25, mlt=23.875) == 9.0
    assert cells.radiance.notnull().sum() == 2
    assert cells.coverage.sum() == 2


def test_every_pixel_in_view_falls_into_one_cell():
    rng = np.random.default_rng(4)
    shape = (60, 80)
    mlat = rng.uniform(45, 90, shape)
    mlt = rng.uniform(-1, 25, shape)
    values = rng.uniform(0, 9, shape)
    values[:5] = np.nan
    cells = uv_map.average(image(mlat, mlt, values), mlat_step=1, mlt_step=1)
    kept = np.isfinite(values) & (mlat >= 50)
    assert cells.pixels.sum() == kept.sum()
    total = (cells.radiance * cells.pixels).sum()
    assert total == pytest.approx(values[kept].sum())


def test_a_series_keeps_its_times():
    one = image([[70.0]], [[1.0]], [[5.0]])
    times = np.array(["2012-06-16", "2012-06-17"], "datetime64[ns]")
    series = xr.concat([one, one * 2], "time").assign_coords(time=times)
    series["mlat"], series["mlt"] = one.mlat, one.mlt
    series["mlat"] = series.mlat.expand_dims(time=times)
    cells = uv_map.average(series)
    assert (cells.time.values == times).all()
    np.testing.assert_allclose(cells.radiance.max(["mlat", "mlt"]), [5, 10])


def test_an_image_without_places_or_steps_that_do_not_fit_are_refused():
    one = image([[70.0]], [[1.0]], [[5.0]])
    with pytest.raises(ValueError, match="no mlat of its pixels; use uvi"):
        uv_map.average(one.drop_vars("mlat"))
    with pytest.raises(ValueError, match="steps must divide 50 to 90 deg"):
        uv_map.average(one, mlat_step=0.7)
