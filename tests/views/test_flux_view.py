import holoviews as hv
import numpy as np
import pytest
import xarray as xr

from smile_explore.schema import FLUX_BUDGET
from smile_explore.views import flux


def part(overlay, label):
    return next(one for one in overlay if one.label == label)


def test_the_flux_is_shown_in_megawebers_without_what_is_doubtful(uvi_hour):
    cap = uvi_hour.cap.copy(deep=True)
    cap["status"] = ("time", ["found", "doubtful: far", "found"])
    view = flux.open_flux(cap, uvi_hour.times[0])
    shown = part(view, "open flux")["flux"]
    np.testing.assert_allclose(shown[[0, 2]], cap.flux.values[[0, 2]] / 1e6)
    assert np.isnan(shown[1])
    figure = hv.renderer("bokeh").get_plot(view).state
    assert figure.yaxis.axis_label == "flux [MWb]"


def test_rates_are_shown_in_kilovolts(uvi_hour):
    names = ("flux", "rate", "rate_uncertainty", "opening", "closing")
    budget = FLUX_BUDGET.stamp(
        xr.Dataset(
            {n: ("time", [1e5, 2e5, 3e5]) for n in (*names, "coupling")},
            coords={"time": uvi_hour.times},
        )
    )
    view = flux.rates(budget, uvi_hour.times[1])
    line = part(view, "closed in the tail")
    np.testing.assert_allclose(line["rate"], [100, 200, 300])
    figure = hv.renderer("bokeh").get_plot(view).state
    assert figure.yaxis.axis_label == "rate [kV]"
    with pytest.raises(ValueError, match="FLUX_BUDGET lacks rate"):
        flux.rates(budget.drop_vars("rate"), uvi_hour.times[1])
