from __future__ import annotations

import dask
import dask.array as da
import numpy as np
import pytest
import xarray as xr
from dask.callbacks import Callback
from scipy.interpolate import RegularGridInterpolator

from smile_explore.constants import EARTH_RADIUS
from smile_explore.physics.line_of_sight import integrate, profile

# eV cm-3 s-1 over 1 R_E, in keV cm-2 s-1 sr-1
ONE_RADIUS = EARTH_RADIUS * 1e5 / 1e3 / (4 * np.pi)
UNEVEN = (
    np.array([-5.0, -4.5, -3.0, 0.0, 0.5, 2.0, 5.0, 9.0, 10.0, 12.0]),
    np.array([-9.0, -8.0, -4.0, -3.5, 1.0, 2.0, 7.0, 11.0]),
    np.array([-10.0, -6.0, -5.5, -1.0, 3.0, 4.0, 8.0, 12.0, 13.0]),
)


def field_of(function, axes=UNEVEN):
    x, y, z = np.meshgrid(*axes, indexing="ij")
    return xr.DataArray(
        function(x, y, z),
        dict(zip("xyz", axes, strict=True)),
        attrs={"units": "eV cm-3 s-1"},
    )


def even_axes(step, half=20.0):
    return (np.arange(-half, half + step / 2, step),) * 3


def rays(*vectors):
    return xr.DataArray(np.array(vectors, float), dims=("ray", "component"))


def fan(count=40, seed=3, target=(3.0, 1.0, 2.0), seat=(4.0, -7.0, 11.0)):
    points = np.random.default_rng(seed).normal(target, 3.0, (count, 3))
    return rays(*(points - seat))


def random_field(axes=UNEVEN, seed=1):
    shape = [axis.size for axis in axes]
    values = np.random.default_rng(seed).random(shape, np.float32)
    return field_of(lambda *_: values, axes)


@pytest.mark.parametrize(
    ("seat", "along", "length"),
    [
        ((2.0, 2.0, 2.0), (1, 1, 1), 8 * 3**0.5),  # through corners of cells
        ((2.0, 2.0, 2.0), (-5, 0, 0), 12.0),  # along edges of cells
        ((2.5, 2.0, 2.0), (-1, -1, 0), 12.0 * 2**0.5),  # in planes of nodes
        ((2.2, 10.0, 3.3), (0, -1, 0), 20.0),  # from the face inward
        ((2.2, 3.1, 10.0), (1, 0, 0), 7.8),  # along the uppermost face
        ((-10.0, 3.1, 4.0), (0, 0, -1), 14.0),  # along the lowermost face
        ((-30.0, 0.3, 0.4), (2, 0, 0), 20.0),  # from outside
        ((30.0, 0.0, 0.0), (-3, 0.0, -1), 10 / 3 * 10**0.5),  # out of a side
    ],
)
def test_a_uniform_field_gives_the_length_of_the_ray_in_the_box(
    seat, along, length
):
    field = field_of(lambda x, y, z: np.ones_like(x), even_axes(1.0, 10.0))
    for cube in (field, field.chunk(x=7, y=4, z=11), field.chunk(x=20)):
        # the others, of no interest, put the blocks around it to work too
        several = rays(along, *fan(30, seat=seat).values)
        seen = integrate(cube, seat, several, tail=False)[0].compute()
        assert seen.item() == pytest.approx(ONE_RADIUS * length, rel=1e-12)


def test_a_field_that_is_linear_in_each_axis_is_integrated_exactly():
    def trilinear(x, y, z):
        return (1 + 0.1 * x) * (2 - 0.1 * y) * (3 + 0.2 * z) + x * z

    seat, directions = np.array([4.0, -7.0, 11.0]), fan()
    seen = integrate(field_of(trilinear), seat, directions, tail=False)
    for value, along in zip(seen.values, directions.values, strict=True):
        unit = along / np.linalg.norm(along)
        with np.errstate(divide="ignore"):
            walls = [
                (axis[-1 if part > 0 else 0] - start) / part
                for axis, start, part in zip(UNEVEN, seat, unit, strict=True)
            ]
        # a cubic along the ray: Gauss with 2 points over the whole is exact
        nodes, weights = np.polynomial.legendre.leggauss(2)
        places = seat[:, None] + unit[:, None] * min(walls) * (nodes + 1) / 2
        truth = (trilinear(*places) * weights).sum() * min(walls) / 2
        assert value == pytest.approx(ONE_RADIUS * truth, rel=1e-6)


def test_it_agrees_with_fine_samples_of_scipys_interpolator():
    field, seat, directions = random_field(), (4.0, -7.0, 11.0), fan()
    seen = integrate(field, seat, directions, tail=False)
    interpolate = RegularGridInterpolator(
        UNEVEN, field.values.astype(float), bounds_error=False, fill_value=0.0
    )
    unit = directions.values / np.linalg.norm(
        directions.values, axis=1, keepdims=True
    )
    step = 40.0 / 20_000
    along = (np.arange(20_000) + 0.5) * step
    places = np.array(seat) + unit[:, None, :] * along[:, None]
    truth = ONE_RADIUS * interpolate(places).sum(axis=1) * step
    assert seen.values == pytest.approx(truth, abs=2e-3 * ONE_RADIUS)


def inverse_cube(x, y, z):
    return np.maximum(x**2 + y**2 + z**2, 4.0) ** -1.5


@pytest.mark.parametrize(
    ("seat", "along"),
    [
        ((8.0, 0.0, 0.0), (1, 0, 0)),  # radially
        ((8.0, 6.0, -12.0), (0, 0, 1)),  # across
        ((9.0, -6.0, 15.0), (-0.1, 0.2, -1)),  # past Earth and out of the box
        ((9.0, -6.0, 35.0), (-0.1, 0.2, -1)),  # from outside
        ((9.0, -6.0, 35.0), (-0.2, -0.3, -1)),
    ],
)
def test_a_fall_with_the_cube_of_distance_is_seen_to_infinity(seat, along):
    seat, unit = np.array(seat), np.array(along) / np.linalg.norm(along)
    part = seat @ unit
    height = seat @ seat - part**2
    # 1 / h^2 [u / r] from the seat to infinity, and its limit at h = 0
    truth = (
        (1 - part / np.linalg.norm(seat)) / height
        if height > 0
        else 1 / (2 * part**2)
    )
    field = field_of(inverse_cube, even_axes(0.25))
    seen = integrate(field, seat, rays(along))
    assert seen.values == pytest.approx(ONE_RADIUS * truth, rel=2e-3)
    assert seen.attrs["tail"] == "r^-3 beyond the grid"


@pytest.mark.parametrize(
    ("seat", "target"),
    [
        ((4.0, 3.0, 0.0), (10.0, 3.0, 1.0)),  # out of the front
        ((4.0, 3.0, 0.0), (0.5, 2.0, 7.0)),
        ((30.0, 6.0, 4.0), (-10.0, 5.0, 4.0)),  # in and out
        ((20.0, 3.0, 1.0), (3.0, -2.0, 5.0)),
        ((-12.0, 4.0, 5.0), (0.0, 3.0, 5.0)),  # past Earth before it is in
    ],
)
def test_tails_take_up_the_value_at_the_face(seat, target):
    axes = (np.linspace(2.0, 10.0, 9), *even_axes(1.0, 8.0)[1:])
    field = field_of(lambda x, y, z: 3.0 + 0.1 * x - 0.2 * y + 0.0 * z, axes)
    seat, target = np.array(seat), np.array(target)
    unit = (target - seat) / np.linalg.norm(target - seat)
    both = [integrate(field, seat, rays(unit), tail=t) for t in (True, False)]
    with np.errstate(divide="ignore", invalid="ignore"):
        walls = np.sort(
            [
                [(wall - start) / part for wall in (axis[0], axis[-1])]
                for axis, start, part in zip(axes, seat, unit, strict=True)
            ],
            axis=1,
        )
    into, out = max(walls[:, 0].max(), 0.0), walls[:, 1].min()

    def beyond(start, stop, edge):
        place = seat + edge * unit
        value = 3.0 + 0.1 * place[0] - 0.2 * place[1]
        t = np.linspace(0.0, 1.0, 200_001)[1:-1]
        t = start + (t / (1 - t) if stop == np.inf else t * (stop - start))
        r = np.linalg.norm(seat + t[:, None] * unit, axis=1)
        return np.trapezoid(value * (np.linalg.norm(place) / r) ** 3, t)

    truth = beyond(out, np.inf, out) + (beyond(0, into, into) if into else 0)
    tails = (both[0] - both[1]).item() / ONE_RADIUS
    assert tails == pytest.approx(truth, rel=2e-4)
    assert both[1].attrs["tail"] == "none"


def test_a_tail_that_would_run_into_earth_is_nan():
    axes = (np.linspace(5.0, 10.0, 6), *even_axes(1.0, 8.0)[1:])
    field = field_of(lambda x, y, z: np.ones_like(x), axes)
    seen = integrate(field, (12.0, 0.0, 0.0), rays((-1, 0, 0), (-1, 0.3, 0)))
    assert np.isnan(seen.values).tolist() == [True, False]
    inside = integrate(field, (12.0, 0.0, 0.0), rays((-1, 0, 0)), tail=False)
    assert inside.item() == pytest.approx(5 * ONE_RADIUS)
    behind = integrate(field, (-9.0, 0.2, 0.0), rays((1, 0, 0)))
    assert np.isnan(behind.item())


def test_the_error_falls_with_the_square_of_the_cell():
    def ball(x, y, z):
        return np.exp(-((x - 1) ** 2 + (y + 2) ** 2 + (z - 1.5) ** 2) / 8)

    # a gaussian along a line through its middle: sqrt(8 pi)
    seat, along = np.array([9.0, 8.0, 11.0]), np.array([-8.0, -10.0, -9.5])
    truth = ONE_RADIUS * np.sqrt(8 * np.pi)
    errors = [
        abs(
            integrate(
                field_of(ball, even_axes(step, 16.0)),
                seat,
                rays(along),
                tail=False,
            ).item()
            / truth
            - 1.0
        )
        for step in (1.0, 0.5, 0.25)
    ]
    assert errors[0] / errors[1] == pytest.approx(4.0, rel=0.1)
    assert errors[1] / errors[2] == pytest.approx(4.0, rel=0.1)
    assert errors[2] < 5e-3


@pytest.mark.parametrize(
    "chunks",
    [
        {"x": 3},
        {"x": 4, "y": 3, "z": 5},
        {"x": (9, 1), "y": (7, 1), "z": (1, 8)},
        {"x": 2, "y": 1, "z": 3},
    ],
    ids=str,
)
@pytest.mark.parametrize("seat", [(4.0, -7.0, 11.0), (30.0, 20.0, -20.0)])
def test_blocks_add_up_to_the_whole(chunks, seat):
    field = random_field()
    directions = fan(400, seat=seat)
    whole = integrate(field, seat, directions)
    blocks = integrate(field.chunk(chunks), seat, directions)
    assert blocks.chunks is not None
    xr.testing.assert_allclose(whole, blocks.compute(), rtol=1e-6)
    assert np.isfinite(whole).sum() > 100


def counted_field(shape, seen):
    """Return ones in blocks that say so when they are computed."""

    def load(block_info=None):
        seen.append(tuple(block_info[None]["chunk-location"]))
        return np.ones(block_info[None]["chunk-shape"], np.float32)

    sizes = [sum(along) for along in shape]
    values = da.map_blocks(
        load, chunks=shape, dtype=np.float32, meta=np.ones((0, 0, 0))
    )
    axes = [np.linspace(-8.0, 8.0, size) for size in sizes]
    return xr.DataArray(
        values, dict(zip("xyz", axes, strict=True)), dims=list("xyz")
    )


def test_only_blocks_that_a_ray_crosses_are_computed():
    seen = []
    field = counted_field(((4, 4, 4, 5),) * 3, seen)
    # along x, where blocks 1 in y and 2 in z hold all nodes of the cells
    image = integrate(field, (20.0, -2.5, 1.5), rays((-1, 0, 0)), tail=False)
    assert not seen, "the graph was built by computing"
    assert image.compute().item() == pytest.approx(16 * ONE_RADIUS)
    assert sorted(seen) == [(n, 1, 2) for n in range(4)]


def test_of_a_cell_between_chunks_all_chunks_are_read_and_once():
    seen = []
    field = counted_field(((4, 4, 4, 5),) * 3, seen)
    # between the nodes at -5 and -4 of y, and at 3 and 4 of z
    image = integrate(field, (20.0, -4.5, 3.5), rays((-1, 0, 0)), tail=False)
    assert image.compute().item() == pytest.approx(16 * ONE_RADIUS)
    assert sorted(seen) == [
        (n, y, z) for n in range(4) for y in (0, 1) for z in (2, 3)
    ]


@pytest.mark.parametrize("chunks", [(4, 4, 4, 5), (1, 2, 14), (8, 9)])
def test_no_chunk_is_read_twice(chunks):
    seen = []
    field = counted_field((chunks, (5, 4, 8), chunks), seen)
    integrate(field, (4.0, -7.0, 11.0), fan(400)).compute()
    assert len(seen) == len(set(seen)) > 1


@pytest.mark.parametrize("threads", [1, 2])
def test_a_chunk_is_let_go_when_it_has_been_visited(threads):
    seen, held = [], []
    field = counted_field(((5,) * 8,) * 3, seen)
    image = integrate(field, (4.0, -7.0, 11.0), fan(400))

    class Watching(Callback):
        def _posttask(self, key, result, graph, state, worker):
            kept = state["cache"].values()
            held.append(sum(getattr(one, "size", 0) == 5**3 for one in kept))

    with (
        dask.config.set(scheduler="threads", num_workers=threads),
        Watching(),
    ):
        image.compute()
    assert len(seen) > 100
    assert 1 <= max(held) <= threads


def test_the_order_of_axes_in_memory_does_not_matter():
    field, directions = random_field(), fan()
    seat = (4.0, -7.0, 11.0)
    expected = integrate(field, seat, directions)
    turned = field.transpose("z", "x", "y")
    for other in (turned, turned.copy(data=turned.values.copy())):
        got = integrate(other, seat, directions)
        xr.testing.assert_allclose(got, expected, rtol=1e-12)
    strided = field.copy(data=np.repeat(field.values, 2, axis=2)[..., ::2])
    xr.testing.assert_identical(integrate(strided, seat, directions), expected)


def test_read_only_and_big_endian_values_are_read():
    field, directions = random_field(), fan()
    expected = integrate(field, (4.0, -7.0, 11.0), directions)
    values = field.values.astype(">f8")
    values.setflags(write=False)
    got = integrate(field.copy(data=values), (4.0, -7.0, 11.0), directions)
    xr.testing.assert_identical(got, expected)


def test_values_in_single_precision_cost_less_than_a_millionth():
    field = random_field(even_axes(0.5, 15.0)).astype(float)
    field += np.random.default_rng(2).random(field.shape) * 1e-7
    step = field.astype(np.float32).astype(float)
    seat, directions = (4.0, -7.0, 11.0), fan()
    exact = integrate(field * 2.0**20 - step * 2.0**20, seat, directions)
    seen = integrate(field, seat, directions)
    assert np.abs(exact / 2.0**20 / seen).max() < 1e-6


def test_rays_shared_among_threads_give_what_one_thread_gives(monkeypatch):
    from smile_explore.physics import threads

    field, directions = random_field(), fan(2500)
    results = []
    for processors in (1, 3):
        monkeypatch.setattr(threads, "processors", lambda n=processors: n)
        results.append(integrate(field, (4.0, -7.0, 11.0), directions))
    xr.testing.assert_identical(*results)


TIMES = np.array(["2012-06-16T22:00", "2012-06-16T22:02"], "datetime64[ns]")


@pytest.mark.parametrize("lazy", [False, True], ids=["numpy", "dask"])
@pytest.mark.parametrize("timed", ["field", "position", "directions", "all"])
def test_time_is_led_and_matched(timed, lazy):
    field, directions = random_field(), fan(12)
    directions = directions.values.reshape(3, 4, 3)
    directions = xr.DataArray(directions, dims=("lat", "lon", "component"))
    directions = directions.assign_coords(lat=[-1.0, 0.0, 1.0])
    seat = xr.DataArray([4.0, -7.0, 11.0], dims="component")
    given = {"field": field, "position": seat, "directions": directions}
    second = {
        "field": field * 2.0,
        "position": seat + 0.5,
        "directions": directions + 0.3,
    }
    for name in given if timed == "all" else [timed]:
        pair = [given[name], second[name]]
        given[name] = xr.concat(pair, xr.Variable("time", TIMES))
    expected = [
        integrate(
            *(
                array.isel(time=n) if "time" in array.dims else array
                for array in given.values()
            )
        )
        for n in range(2)
    ]
    if lazy:
        chunks = {"x": 4, "y": 5, "z": 3, "time": 1}
        given["field"] = given["field"].chunk(
            {k: v for k, v in chunks.items() if k in given["field"].dims}
        )
    seen = integrate(*given.values())
    assert seen.dims == ("time", "lat", "lon")
    assert seen["time"].values.tolist() == TIMES.tolist()
    assert seen["lat"].values.tolist() == [-1.0, 0.0, 1.0]
    assert (seen.chunks is not None) == lazy
    assert seen.attrs["units"] == "keV cm-2 s-1 sr-1"
    for n in range(2):
        np.testing.assert_allclose(seen[n].values, expected[n].values, 1e-6)


def test_rays_may_each_have_their_own_origin():
    field, directions = random_field(), fan(5)
    seats = xr.DataArray(
        np.linspace([4.0, -7.0, 11.0], [8.0, 1.0, 9.0], 5),
        dims=("ray", "component"),
    )
    seen = integrate(field, seats, directions)
    for n in range(5):
        alone = integrate(field, seats[n], directions.isel(ray=[n]))
        assert seen[n].item() == pytest.approx(alone.item(), rel=1e-12)


def test_components_are_told_by_name():
    field, directions, seat = random_field(), fan(5), [4.0, -7.0, 11.0]
    named = directions.assign_coords(component=["x", "y", "z"])
    mixed = named.sel(component=["z", "x", "y"])
    xr.testing.assert_identical(
        integrate(field, seat, mixed), integrate(field, seat, directions)
    )


def test_nan_is_seen_by_the_rays_that_meet_it_and_no_others():
    field = field_of(lambda x, y, z: np.ones_like(x), even_axes(1.0, 10.0))
    field[{"x": 10, "y": 10, "z": 10}] = np.nan
    directions = rays((0, 0, -1), (0, 0.2, -1), (0, 0, 1), (0, 1, 0))
    for cube in (field, field.chunk(x=5, y=5, z=5)):
        seen = integrate(cube, (0.5, 0.5, 8.0), directions, tail=False)
        assert np.isnan(seen.values).tolist() == [True, False, False, False]


def test_rays_that_miss_the_box_or_have_no_direction_are_nan():
    field = random_field()
    directions = rays((-1, 0, 0), (1, 0, 0), (np.nan, 0, 0))
    for cube in (field, field.chunk(x=5)):
        seen = integrate(cube, (30.0, 0.0, 0.0), directions)
        assert np.isnan(seen.values).tolist() == [False, True, True]


def test_a_time_at_which_all_rays_miss_is_nan():
    seats = xr.DataArray(
        [[30.0, 0.0, 0.0], [-30.0, 0.0, 0.0]], dims=("time", "component")
    )
    for cube in (random_field(), random_field().chunk(x=5)):
        seen = integrate(cube, seats, rays((-1, 0, 0)))
        assert np.isnan(seen.values).tolist() == [[False], [True]]


def replaced(name, values):
    return random_field().assign_coords({name: values})


@pytest.mark.parametrize(
    ("field", "seat", "directions", "error", "message"),
    [
        (1.0, (9, 0, 0), fan(), TypeError, "field must be an xarray"),
        (random_field(), (9, 0, 0), [1.0], TypeError, "directions must be"),
        (
            random_field().isel(x=0),
            (9, 0, 0),
            fan(),
            ValueError,
            "dimensions x, y, z, and may have time; got y, z",
        ),
        (
            random_field().assign_attrs(units="keV cm-3 s-1"),
            (9, 0, 0),
            fan(),
            ValueError,
            "field must be in eV cm-3 s-1, got keV cm-3 s-1",
        ),
        (
            replaced("y", ("y", UNEVEN[1], {"units": "km"})),
            (9, 0, 0),
            fan(),
            ValueError,
            "y must be in R_E, got km",
        ),
        (
            random_field().drop_vars("z"),
            (9, 0, 0),
            fan(),
            ValueError,
            "lacks the coordinate z",
        ),
        (
            replaced("x", [*UNEVEN[0][:-1], np.nan]),
            (9, 0, 0),
            fan(),
            ValueError,
            "the axis x must be finite, it holds 1 NaN",
        ),
        (
            random_field().isel(z=slice(None, None, -1)),
            (9, 0, 0),
            fan(),
            ValueError,
            r"axis z must have .* increase; sort the field with .sortby",
        ),
        (
            random_field(),
            (0.2, 0.1, 0.3),
            fan(),
            ValueError,
            "position must be outside Earth, got a distance of 0.374 R_E",
        ),
        (
            random_field(),
            (30, 0, 0),
            rays((1, 0, 0), (1, 1, 0)),
            ValueError,
            r"no ray crosses the field's grid \(x -5 to 12,.*from \[30.0",
        ),
        (
            random_field(),
            (9, 0, 0),
            rays((0, 0, 0), (1, 0, 0)),
            ValueError,
            r"1 of 2 are \(0, 0, 0\)",
        ),
        (
            random_field(),
            (9, 0, 0),
            fan().rename(component="axis"),
            ValueError,
            "directions must have a dimension component of 3",
        ),
        (
            random_field(),
            (9, 0, 0),
            fan().assign_attrs(frame="GSE"),
            ValueError,
            "directions must be in GSM, got GSE; use frames.rotate",
        ),
        (
            random_field(),
            xr.DataArray(np.full((2, 3), 9.0), dims=("seat", "component")),
            fan(),
            ValueError,
            "position may have time, component and dimensions of directions",
        ),
        (
            random_field().expand_dims(time=TIMES),
            xr.DataArray(
                np.full((2, 3), 9.0),
                {"time": TIMES + np.timedelta64(1, "m")},
                ("time", "component"),
            ),
            fan(),
            ValueError,
            "must have the same times",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(
    field, seat, directions, error, message
):
    with pytest.raises(error, match=message):
        integrate(field, seat, directions)


def test_dask_threads_and_one_thread_agree():
    field = random_field().chunk(x=4, y=4, z=4)
    image = integrate(field, (4.0, -7.0, 11.0), fan(300))
    with dask.config.set(scheduler="single-threaded"):
        alone = image.compute()
    xr.testing.assert_identical(image.compute(), alone)


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize(
    ("seat", "along"),
    [
        ((4.0, -7.0, 11.0), (-1.0, 8.0, -9.0)),
        ((-30.0, 0.3, 0.4), (2.0, 0.01, 0.0)),  # from outside
        ((2.0, 2.0, 2.0), (1.0, 1.0, 1.0)),  # through corners of cells
    ],
)
def test_a_profile_sums_to_the_integral(seat, along, lazy):
    field = random_field()
    field = field.chunk(dict.fromkeys("xyz", 4)) if lazy else field
    seen = profile(field, seat, along)
    for tail, total in (
        (False, seen.intensity.sum()),
        (True, seen.intensity.sum() + seen.beyond),
    ):
        whole = integrate(field, seat, rays(along), tail=tail)
        assert float(total) == pytest.approx(float(whole[0]), rel=1e-6)


def test_a_profile_has_the_values_of_the_field_where_it_says():
    field = field_of(lambda x, y, z: 50.0 + x + 2.0 * y + 3.0 * z)
    seat = np.array([4.0, -7.0, 11.0])
    seen = profile(field, seat, (-1.0, 8.0, -9.0))
    x, y, z = seen.position.values.T
    np.testing.assert_allclose(seen.emissivity, 50.0 + x + 2 * y + 3 * z)
    away = np.linalg.norm(seen.position - seat, axis=1)
    np.testing.assert_allclose(away, seen.distance, atol=1e-9)
    assert seen.distance.values[0] == 0.0
    assert seen.position.values[-1] == pytest.approx([1.75, 11.0, -9.25])


def test_a_profile_through_edges_of_cells_has_no_step_of_a_rounding():
    """On the diagonal a ray meets three planes at once, but for roundings."""
    axis = np.linspace(-10.0, 10.0, 41)
    field = random_field((axis, axis, axis))
    for nearly in (3 * 0.7, 6.3 / 3.0, 1.1 + 1.0, 2.1 + 4e-16):
        seat = np.array([nearly, 2.1, 2.1])
        seen = profile(field, seat, (1.0, 1.0, 1.0))
        assert (np.diff(seen.distance) > 1e-9).all()
        whole = integrate(field, seat, rays((1, 1, 1)), tail=False)
        assert float(seen.intensity.sum()) == pytest.approx(
            float(whole[0]), rel=1e-6
        )


def test_a_profile_is_of_one_ray_at_one_time():
    field = random_field()
    with pytest.raises(ValueError, match="one ray at one time, field has tim"):
        profile(field.expand_dims("time"), (0.0, 0.0, 4.0), (1.0, 0.0, 0.0))
    with pytest.raises(ValueError, match="direction has ray too"):
        profile(field, (0.0, 0.0, 4.0), rays((1, 0, 0), (0, 1, 0)))
    with pytest.raises(ValueError, match=r"no ray crosses .* point the cam"):
        profile(field, (20.0, 0.0, 4.0), (1.0, 0.0, 0.0))
    with pytest.raises(ValueError, match="must be outside Earth"):
        profile(field, (0.0, 0.0, 0.5), (1.0, 0.0, 0.0))
