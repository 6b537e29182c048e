"""The data behind panels: all of them, with units, and readable again."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from astropy.io import fits
from astropy.wcs import WCS

from smile_explore.data import aurora_files, xray_series
from smile_explore.explorer.export.behind import BEHIND, behind
from smile_explore.explorer.export.data import save_data
from smile_explore.explorer.panels import PANELS, Picture


def test_there_are_data_behind_every_picture_and_nothing_else():
    pictures = {n for n, one in PANELS.items() if isinstance(one, Picture)}
    assert set(BEHIND) == pictures


@pytest.mark.parametrize("panel", BEHIND)
def test_data_have_units_and_are_kept_in_every_form(panel, shown, tmp_path):
    if panel == "hodogram":
        pytest.skip("no boundary is crossed in 23 minutes")
    data = behind(panel, shown)
    for name, one in data.variables.items():
        if one.dtype.kind in "fiu" and name not in ("point", "row"):
            assert "units" in one.attrs, name
    save_data(panel, shown, tmp_path / "a.nc")
    with xr.open_dataset(tmp_path / "a.nc", decode_timedelta=False) as kept:
        assert set(kept.variables) == set(data.variables)
        assert "simulated" in kept.attrs["summary"].lower()
        assert kept.attrs["references"]
        for name, one in data.data_vars.items():
            if one.dtype.kind == "f":
                np.testing.assert_array_equal(kept[name], one)
                assert kept[name].attrs["units"] == one.attrs["units"]
    save_data(panel, shown, tmp_path / "a.csv")
    table = pd.read_csv(tmp_path / "a.csv", comment="#")
    assert len(table)
    text = (tmp_path / "a.csv").read_text("utf-8")
    assert "units: " in text
    assert "Simulated" in text
    save_data(panel, shown, tmp_path / "a.fits")
    with fits.open(tmp_path / "a.fits", checksum=True) as kept:
        kept.verify("exception")
        assert "imulated" in str(kept[0].header["COMMENT"])
        assert "SETTINGS" in kept


def test_a_table_has_a_column_for_each_component(shown, tmp_path):
    save_data("magnetic field", shown, tmp_path / "a.csv")
    table = pd.read_csv(tmp_path / "a.csv", comment="#", parse_dates=["time"])
    wind = shown.observations.solar_wind
    np.testing.assert_allclose(
        table["magnetic_field_z"], wind.magnetic_field.sel(component="z")
    )
    np.testing.assert_array_equal(
        table["time"].to_numpy().astype("M8[s]"),
        wind.time.values.astype("M8[s]"),
    )


def test_what_a_table_has_no_room_for_it_tells(shown, tmp_path):
    save_data("noon", shown, tmp_path / "a.csv")
    table = pd.read_csv(tmp_path / "a.csv", comment="#")
    cuts = shown.observations.cuts.sel(time=shown.time)
    assert len(table) == cuts.sizes["x"] * cuts.sizes["z"]
    row = table.iloc[17]
    cell = cuts.density_noon.sel(x=row["x"], z=row["z"], method="nearest")
    assert row["density_noon"] == pytest.approx(float(cell))
    head = (tmp_path / "a.csv").read_text("utf-8").split("\ntime", 1)[0]
    assert "not in this table" in head
    assert "boundary_noon" in head


@pytest.mark.parametrize(
    ("panel", "door"), [("sxi", xray_series), ("uvi", aurora_files)]
)
def test_images_are_files_of_the_archive_with_pointing(
    panel, door, shown, tmp_path
):
    path = save_data(panel, shown, tmp_path / "a.fits")
    seen = getattr(shown.observations, panel)
    wanted = seen.sel(time=[shown.time], method="nearest")
    xr.testing.assert_equal(door.read_images(path), wanted)
    looks = door.read_pointing(path)
    assert looks.sizes["time"] == 1
    with fits.open(path) as kept:
        assert kept[0].header["BUNIT"] == "count" or panel == "uvi"
        world = WCS(kept[0].header).celestial
        lon, lat = world.wcs_pix2world([[0, 0]], 0)[0]
    assert (lon + 180) % 360 - 180 == pytest.approx(seen.fov_lon.values[0])
    assert lat == pytest.approx(seen.fov_lat.values[0])


def test_a_cut_has_its_axes_in_fits(shown, tmp_path):
    save_data("noon", shown, tmp_path / "a.fits")
    cuts = shown.observations.cuts.sel(time=shown.time)
    with fits.open(tmp_path / "a.fits") as kept:
        hdu = kept["DENSITY_NOON"]
        assert hdu.header["BUNIT"] == "cm-3"
        assert [hdu.header[f"CTYPE{n}"] for n in (1, 2)] == ["X", "Z"]
        step = hdu.header["CDELT1"]
        assert hdu.header["CRVAL1"] + 3 * step == pytest.approx(
            float(cuts.x[3])
        )
        np.testing.assert_array_equal(
            np.squeeze(hdu.data), cuts.density_noon.values
        )
        np.testing.assert_array_equal(kept["X"].data["X"], cuts.x.values)


def test_where_there_is_nothing_it_is_said(shown):
    nothing = dataclasses.replace(
        shown,
        sight=None,
        observations=dataclasses.replace(
            shown.observations, light=xr.Dataset()
        ),
    )
    for panel in ("line of sight", "keogram", "polar map", "hodogram"):
        with pytest.raises(ValueError, match="nothing behind the panel"):
            behind(panel, nothing)
    with pytest.raises(ValueError, match="'readings' is a panel of words"):
        behind("readings", shown)
    with pytest.raises(ValueError, match="'x' is no panel"):
        behind("x", shown)


@pytest.mark.parametrize("name", ["a.csv", "a.nc", "a.fits"])
def test_of_data_that_do_not_fit_the_disk_nothing_is_left(
    shown, tmp_path, full_disk, name
):
    with pytest.raises(OSError, match="is the disk full"):
        save_data("noon", shown, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_another_kind_of_file_is_refused(shown, tmp_path):
    with pytest.raises(ValueError, match=r"\.csv, \.nc or \.fits, got a\.txt"):
        save_data("noon", shown, tmp_path / "a.txt")
