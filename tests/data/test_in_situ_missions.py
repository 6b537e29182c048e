from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import warnings
from pathlib import Path

import cdflib
import numpy as np
import pytest
import xarray as xr
from cdflib.cdfwrite import CDF

from smile_explore import frames
from smile_explore.data import in_situ_files, in_situ_missions
from smile_explore.instruments import mag_offsets
from smile_explore.physics import solar_wind
from smile_explore.schema import COMPONENTS, MAGNETIC_FIELD, MOMENTS, VDF
from tests.authority import quiet_pyspedas

SHARED = Path(
    os.environ.get(
        "SMILE_EXPLORE_SHARED", Path(__file__).parents[3] / "shared"
    )
)
ACE = SHARED / "data/solar_wind/real/ac_h0s_mfi_20011105.cdf"
TIMES = np.datetime64("2012-06-16T22:00", "ns") + np.arange(
    5
) * np.timedelta64(60, "s")
SECONDS = (TIMES - np.datetime64(0, "s")) / np.timedelta64(1, "s")
GSE = np.array([[3.0, -4.0, 5.0]] * 5) + np.arange(5.0)[:, None]


def in_gsm(values):
    return frames.rotate(
        xr.DataArray(
            values,
            {"time": TIMES, "component": list(COMPONENTS)},
            ("time", "component"),
            attrs={"frame": "GSE"},
        ),
        to="GSM",
    )


def write(path, variables, epoch="CDF_EPOCH", times=TIMES):
    """Write a CDF file as a mission may: fills, limits, old epochs."""
    file = CDF(str(path))
    file.write_globalattrs({"Logical_source": {0: "TEST_H0_MFI"}})
    parts = [
        [
            int(p)
            for p in str(t).replace("T", "-").replace(":", "-").split("-")[:5]
        ]
        + [int(str(t)[17:19]), 0]
        for t in times
    ]
    kinds = {"CDF_EPOCH": 31, "CDF_REAL8": 45}
    file.write_var(
        {
            "Variable": "Epoch",
            "Data_Type": kinds[epoch],
            "Num_Elements": 1,
            "Rec_Vary": True,
            "Dim_Sizes": [],
        },
        var_attrs={"UNITS": "ms", "VAR_TYPE": "support_data"},
        var_data=cdflib.cdfepoch.compute_epoch(parts),
    )
    for name, (values, told) in variables.items():
        values = np.asarray(values, dtype=np.float32)
        told = {"DEPEND_0": "Epoch", "VAR_TYPE": "data"} | told
        for key in ("FILLVAL", "VALIDMIN", "VALIDMAX"):
            if key in told:
                told[key] = [told[key], "CDF_FLOAT"]
        file.write_var(
            {
                "Variable": name,
                "Data_Type": 44,
                "Num_Elements": 1,
                "Rec_Vary": True,
                "Dim_Sizes": list(values.shape[1:]),
            },
            var_attrs={k: v for k, v in told.items() if v is not None},
            var_data=values,
        )
    file.close()
    return path


def test_a_field_is_turned_to_gsm_and_fill_is_nothing(tmp_path):
    values = GSE.copy()
    values[1] = -1e31
    values[3, 2] = 70_000.0
    path = write(
        tmp_path / "mfi.cdf",
        {
            "BGSEc": (
                values,
                {"UNITS": "nT", "FILLVAL": -1e31, "VALIDMAX": 65_534.0},
            )
        },
    )
    field = in_situ_missions.open_field(path)
    MAGNETIC_FIELD.check(field)
    expected = in_gsm(GSE)
    expected[[1, 3]] = np.nan
    np.testing.assert_allclose(field.magnetic_field, expected, rtol=1e-6)
    np.testing.assert_array_equal(field.time, TIMES)
    assert field.magnetic_field.attrs["frame"] == "GSM"
    assert field.attrs["source"] == "TEST_H0_MFI"
    assert field.attrs["variable"] == "BGSEc"
    assert field.attrs["measured"] is True
    assert (
        field.attrs["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    )


def test_seconds_since_1970_are_times_too(tmp_path):
    path = tmp_path / "tha_l2_fgm.cdf"
    file = CDF(str(path))
    spec = {"Num_Elements": 1, "Rec_Vary": True}
    file.write_var(
        spec | {"Variable": "tha_fgs_time", "Data_Type": 45, "Dim_Sizes": []},
        var_attrs={"UNITS": "sec", "VAR_TYPE": "support_data"},
        var_data=SECONDS,
    )
    file.write_var(
        spec | {"Variable": "tha_fgs_gse", "Data_Type": 44, "Dim_Sizes": [3]},
        var_attrs={
            "UNITS": "nT",
            "VAR_TYPE": "data",
            "DEPEND_0": "tha_fgs_epoch",
            "DEPEND_TIME": "tha_fgs_time",
        },
        var_data=GSE.astype(np.float32),
    )
    file.close()
    field = in_situ_missions.open_field(path)
    np.testing.assert_array_equal(field.time, TIMES)
    np.testing.assert_allclose(field.magnetic_field, in_gsm(GSE), rtol=1e-6)


@pytest.mark.parametrize(
    ("said", "frame"),
    [
        ("gse>Geocentric Solar Ecliptic", "GSE"),
        ("GSM", "GSM"),
        ("vector>gse_xyz", "GSE"),
        ("SM", "SM"),
        ("geo", "GEO"),
    ],
)
def test_a_frame_is_taken_from_what_a_file_says(tmp_path, said, frame):
    path = write(
        tmp_path / "own.cdf",
        {"B_smoothed": (GSE, {"UNITS": "nT", "COORDINATE_SYSTEM": said})},
    )
    field = in_situ_missions.open_field(path)
    expected = in_gsm(GSE).assign_attrs(frame=frame)
    given = xr.DataArray(GSE, expected.coords, expected.dims)
    turned = frames.rotate(given.assign_attrs(frame=frame), to="GSM")
    np.testing.assert_allclose(field.magnetic_field, turned, rtol=1e-5)


def test_words_are_no_frames(tmp_path):
    told = {"UNITS": "nT", "COORDINATE_SYSTEM": "Geocentric, smoothed"}
    path = write(tmp_path / "own.cdf", {"B": (GSE, told)})
    with pytest.raises(ValueError, match="frame of B is 'not said'; give"):
        in_situ_missions.open_field(path)


def test_nothing_slow_is_imported_before_it_is_needed():
    code = (
        "import sys; from smile_explore.data import in_situ_files, "
        "in_situ_missions, crossing_files; "
        "sys.exit(bool({'pyspedas', 'cdflib', 'sunpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_of_several_vectors_that_in_gsm_is_taken(tmp_path):
    path = write(
        tmp_path / "mfi.cdf",
        {
            "BGSEc": (GSE, {"UNITS": "nT"}),
            "BGSM": (2.0 * GSE, {"UNITS": "nT"}),
            "Other": (3.0 * GSE, {"UNITS": "nT"}),
        },
    )
    field = in_situ_missions.open_field(path)
    np.testing.assert_allclose(field.magnetic_field, 2.0 * GSE, rtol=1e-6)
    named = in_situ_missions.open_field(path, variable="Other", frame="GSE")
    np.testing.assert_allclose(
        named.magnetic_field, in_gsm(3.0 * GSE), rtol=1e-6
    )
    with pytest.raises(ValueError, match="frame of Other is 'not said'"):
        in_situ_missions.open_field(path, variable="Other")
    with pytest.raises(ValueError, match="has no variable B; it has Epoch"):
        in_situ_missions.open_field(path, variable="B")


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"V": (GSE, {"UNITS": "km/s"})}, "has 0 vectors in nT"),
        (
            {"B": (GSE, {"UNITS": "nT", "DEPEND_0": None})},
            "B has no DEPEND_0",
        ),
        ({"B": (GSE, {"UNITS": "furlong"})}, "has 0 vectors in nT"),
    ],
)
def test_a_file_without_a_field_is_refused(tmp_path, variables, message):
    path = write(tmp_path / "own.cdf", variables)
    with pytest.raises(ValueError, match=message):
        in_situ_missions.open_field(path)


def test_wrong_units_are_refused_by_name(tmp_path):
    path = write(tmp_path / "own.cdf", {"BGSE": (GSE, {"UNITS": "furlong"})})
    with pytest.raises(
        ValueError, match="BGSE is in 'furlong', which is not known as a unit"
    ):
        in_situ_missions.open_field(path, variable="BGSE")


def test_times_out_of_order_are_refused_or_sorted(tmp_path):
    order = [0, 2, 1, 3, 3]
    path = write(
        tmp_path / "own.cdf",
        {"BGSM": (GSE[order], {"UNITS": "nT"})},
        times=TIMES[order],
    )
    with pytest.raises(ValueError, match="2 of 5 do not; .* sort=True"):
        in_situ_missions.open_field(path)
    field = in_situ_missions.open_field(path, sort=True)
    np.testing.assert_array_equal(field.time, TIMES[:4])
    np.testing.assert_allclose(field.magnetic_field, GSE[:4], rtol=1e-6)


def test_a_time_that_is_none_is_refused(tmp_path):
    path = write(
        tmp_path / "own.cdf",
        {"BGSM": (GSE, {"UNITS": "nT"})},
        epoch="CDF_REAL8",
    )
    with pytest.raises(ValueError, match="Epoch is CDF_DOUBLE|CDF_REAL8"):
        in_situ_missions.open_field(path)


NUMBERS = np.linspace(5.0, 9.0, 5)
#: What each product would hold: names, values, unit, and the temperature.
GIVEN = {
    "Cluster CIS PP": (
        {
            "N_p__C1_PP_CIS": (NUMBERS, "cm^-3"),
            "V_p_xyz_gse__C1_PP_CIS": (GSE, "km/s"),
            "T_p_par__C1_PP_CIS": (2.0 * NUMBERS, "MK"),
            "T_p_perp__C1_PP_CIS": (NUMBERS, "MK"),
        },
        NUMBERS * 4.0 / 3.0 * 1e6 / 11604.518,
    ),
    "Cluster CIS HIA": (
        {
            "density__C3_CP_CIS-HIA_ONBOARD_MOMENTS": (NUMBERS, "cm^-3"),
            "velocity_gse__C3_CP_CIS-HIA_ONBOARD_MOMENTS": (GSE, "km s^-1"),
            "temperature__C3_CP_CIS-HIA_ONBOARD_MOMENTS": (NUMBERS, "MK"),
        },
        NUMBERS * 1e6 / 11604.518,
    ),
    "Cluster CIS CODIF": (
        {
            "density__C4_CP_CIS_CODIF_HS_H1_MOMENTS": (NUMBERS, "1/cm^3"),
            "velocity__C4_CP_CIS_CODIF_HS_H1_MOMENTS": (GSE, "km/s"),
            "T__C4_CP_CIS_CODIF_HS_H1_MOMENTS": (NUMBERS, "MK"),
        },
        NUMBERS * 1e6 / 11604.518,
    ),
    "THEMIS ESA": (
        {
            "tha_peif_density": (NUMBERS, "1/cm^3"),
            "tha_peif_velocity_gse": (GSE, "km/s"),
            "tha_peif_avgtemp": (NUMBERS, "eV"),
        },
        NUMBERS,
    ),
    "Wind SWE": (
        {
            "Proton_Np_moment": (NUMBERS, "n/cc"),
            "Proton_VX_moment": (GSE[:, 0], "km/s"),
            "Proton_VY_moment": (GSE[:, 1], "km/s"),
            "Proton_VZ_moment": (GSE[:, 2], "km/s"),
            "Proton_W_moment": (10.0 * NUMBERS, "km/s"),
        },
        # m W^2 / 2: 0.52198 eV at 10 km/s
        0.521984 * NUMBERS**2,
    ),
    "Wind 3DP": (
        {
            "P_DENS": (NUMBERS, "#/cc"),
            "P_VELS": (GSE, "km/s"),
            "P_TEMP": (NUMBERS, "eV"),
        },
        NUMBERS,
    ),
    "ACE SWEPAM": (
        {
            "Np": (NUMBERS, "#/cc"),
            "V_GSE": (GSE, "km/s"),
            "Tpr": (1e4 * NUMBERS, "Kelvin"),
        },
        1e4 * NUMBERS / 11604.518,
    ),
}


def check_moments(data, product, temperature):
    MOMENTS.check(data)
    np.testing.assert_allclose(data.density, NUMBERS, rtol=1e-6)
    np.testing.assert_allclose(data.velocity, in_gsm(GSE), rtol=1e-5)
    np.testing.assert_allclose(data.temperature, temperature, rtol=1e-5)
    np.testing.assert_array_equal(data.time, TIMES)
    assert data.attrs["product"] == product
    assert data.attrs["measured"] is True


@pytest.mark.parametrize("product", GIVEN)
def test_moments_of_a_file_come_in_the_units_of_the_house(product, tmp_path):
    variables, temperature = GIVEN[product]
    path = write(
        tmp_path / "own.cdf",
        {
            name: (values, {"UNITS": units})
            for name, (values, units) in variables.items()
        },
    )
    data = in_situ_missions.open_moments(path)
    check_moments(data, product, temperature)
    assert data.attrs["file"] == "own.cdf"


@pytest.mark.parametrize("product", GIVEN)
def test_moments_of_pyspedas_without_a_unit_have_that_of_the_product(product):
    variables, temperature = GIVEN[product]
    bare = {
        name: {"x": SECONDS, "y": values}
        for name, (values, _) in variables.items()
    }
    data = in_situ_missions.moments(bare, product=product)
    check_moments(data, product, temperature)


def test_every_known_product_is_tested():
    assert set(GIVEN) == set(in_situ_missions.PRODUCTS)


def test_moments_that_do_not_fit_are_refused():
    variables, _ = GIVEN["Wind 3DP"]
    bare = {n: {"x": SECONDS, "y": v} for n, (v, _) in variables.items()}
    late = bare | {"P_TEMP": {"x": SECONDS + 1.0, "y": NUMBERS}}
    with pytest.raises(ValueError, match="P_TEMP has other times than P_DENS"):
        in_situ_missions.moments(late)
    with pytest.raises(ValueError, match="no moments of a product known"):
        in_situ_missions.moments({"P_DENS": bare["P_DENS"]})
    with pytest.raises(ValueError, match="product must be one of Cluster"):
        in_situ_missions.moments(bare, product="Geotail")
    with pytest.raises(TypeError, match="got NoneType; was it loaded?"):
        in_situ_missions.moments(bare | {"P_DENS": None})


def test_a_variable_of_pyspedas_says_its_unit_and_frame():
    bare = {"x": SECONDS, "y": 1e-9 * GSE}
    field = in_situ_missions.field(bare, frame="GSE", units="T")
    np.testing.assert_allclose(field.magnetic_field, in_gsm(GSE))
    with pytest.raises(ValueError, match="frame of variable is 'not said'"):
        in_situ_missions.field(bare, units="T")
    with pytest.raises(ValueError, match="is in 'no unit', which is not"):
        in_situ_missions.field(bare, frame="GSE")
    flat = {"x": SECONDS, "y": NUMBERS}
    with pytest.raises(ValueError, match="must have three components"):
        in_situ_missions.field(flat, frame="GSE", units="nT")


def cluster_vdf():
    theta = np.linspace(78.75, -78.75, 8)
    phi = np.arange(11.25, 360.0, 22.5)
    energy = np.geomspace(30_000.0, 10.0, 31)
    rng = np.random.default_rng(1)
    return {
        "x": SECONDS,
        "y": rng.random((5, 8, 16, 31)),
        "v1": theta,
        "v2": phi,
        "v3": energy,
    }


def test_a_distribution_of_cluster_is_put_in_order():
    given = cluster_vdf()
    delta = 0.1 * given["v3"]
    vdf = in_situ_missions.distribution(
        given, energy_delta=delta, looking=False, units="s3 km-6"
    )
    VDF.check(vdf)
    assert vdf.vdf.dims == ("time", "energy", "elevation", "azimuth")
    for e, el, az in ((0, 0, 0), (30, 7, 15), (11, 2, 5)):
        assert float(vdf.vdf[3, e, el, az]) == pytest.approx(
            1e-18 * given["y"][3, 7 - el, az, 30 - e]
        )
    np.testing.assert_allclose(vdf.energy_low, 0.9 * vdf.energy)
    np.testing.assert_allclose(vdf.elevation_low[0], -90.0)
    np.testing.assert_allclose(vdf.azimuth_high[-1], 360.0)


def test_a_detector_looks_where_ions_come_from():
    given = cluster_vdf()
    delta = (0.1 * given["v3"], 0.2 * given["v3"])
    flying, looking = (
        in_situ_missions.distribution(
            given, energy_delta=delta, looking=one, units="s3/km6"
        )
        for one in (False, True)
    )
    np.testing.assert_allclose(looking.energy_high, 1.2 * looking.energy)
    opposite = looking.vdf.sel(elevation=-11.25, azimuth=191.25)
    same = flying.vdf.sel(elevation=11.25, azimuth=11.25)
    np.testing.assert_array_equal(opposite, same)


def test_a_distribution_without_widths_is_refused():
    given = cluster_vdf()
    make = in_situ_missions.distribution
    options = {"looking": True, "units": "s3 km-6"}
    with pytest.raises(ValueError, match="must be positive: a bin without"):
        make(given, energy_delta=0.0 * given["v3"], **options)
    with pytest.raises(ValueError, match="width for each of the 31 energies"):
        make(given, energy_delta=[1.0], **options)
    with pytest.raises(ValueError, match="not known as a unit of phase"):
        make(given, energy_delta=given["v3"], looking=True, units="keV")
    flat = {k: v for k, v in given.items() if k != "v3"}
    with pytest.raises(ValueError, match="three axes that do not depend"):
        make(flat, energy_delta=given["v3"], **options)
    uneven = given | {"v2": given["v2"] ** 2 / 360.0}
    with pytest.raises(ValueError, match="azimuth of .* not evenly spaced"):
        make(uneven, energy_delta=0.1 * given["v3"], **options)


needs_ace = pytest.mark.skipif(
    not ACE.is_file(), reason="the measured files are not beside the project"
)


@needs_ace
def test_four_days_of_ace_are_read():
    field = in_situ_missions.open_field(ACE)
    assert field.sizes["time"] == 21_600
    assert field.attrs["source"] == "AC_H0S_MFI"
    assert int(field.magnetic_field.isnull().any("component").sum()) == 2
    first = np.datetime64("2001-11-05T00:00:08")
    assert field.time.values[0] == first
    np.testing.assert_allclose(
        field.magnetic_field[0], [4.175, -4.275, 3.805], atol=1e-3
    )
    clock = solar_wind.clock_angle(
        field.magnetic_field.sel(component="y"),
        field.magnetic_field.sel(component="z"),
    )
    assert float(clock[0]) == pytest.approx(-48.3, abs=0.1)


@needs_ace
def test_a_calibrated_magnetometer_has_almost_no_offset():
    field = in_situ_missions.open_field(ACE)
    found = mag_offsets.solar_wind_offset(field)
    assert float(abs(found.offset).max()) < 0.1
    wrong = xr.DataArray([1.3, -0.9, 1.1], dims="component")
    shifted = field.magnetic_field + wrong
    shifted.attrs = field.magnetic_field.attrs
    again = mag_offsets.solar_wind_offset(field.assign(magnetic_field=shifted))
    np.testing.assert_allclose(again.offset, found.offset + wrong, atol=0.01)


@pytest.fixture(scope="module")
def pyspedas():
    return quiet_pyspedas()


@needs_ace
def test_pyspedas_and_we_read_the_same_of_ace(pyspedas):
    from pyspedas import cdf_to_tplot

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bare = cdf_to_tplot(str(ACE), notplot=True)
        cdf_to_tplot(str(ACE))
        loaded = in_situ_missions.loaded("BGSM")
        with pytest.raises(ValueError, match="has not loaded B_none"):
            in_situ_missions.loaded("B_none")
    own = in_situ_missions.open_field(ACE)
    ours = in_situ_missions.field(loaded["BGSM"])
    theirs = in_situ_missions.field(bare["BGSM"], name="BGSM", units="nT")
    for other in (ours, theirs):
        xr.testing.assert_equal(other.magnetic_field, own.magnetic_field)
    for name in ("file", "sha256"):
        assert ours.attrs[name] == own.attrs[name]


def test_pyspedas_reads_the_distributions_we_write(pyspedas, tmp_path):
    from pyspedas import cdf_to_tplot

    given = in_situ_missions.distribution(
        cluster_vdf(),
        energy_delta=0.1 * cluster_vdf()["v3"],
        looking=False,
        units="s3 km-6",
    )
    path = tmp_path / "smile_l2_lia-vdf_20120616_v01.cdf"
    in_situ_files.write_distribution(given, path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seen = cdf_to_tplot(str(path), notplot=True)["vdf"]
    np.testing.assert_array_equal(seen["y"], given.vdf)
    for number, axis in enumerate(("energy", "elevation", "azimuth"), 1):
        np.testing.assert_array_equal(seen[f"v{number}"], given[axis])
    np.testing.assert_array_equal(
        np.asarray(seen["x"]).astype("datetime64[ns]"), given.time
    )
