"""A plasma of linear fields, each of its own, that cubes must give back."""

import numpy as np

#: 1 nPa cm3 = 1e-15 J = 6241.509 eV: T [eV] = 6241.509 p / n
EV = 6241.509


def fields(x, y, z):
    """The variables of a model in its own words: cm-3, nPa, km/s, nT."""
    return {
        "n": 20.0 + 0.1 * x + 0.2 * y - 0.05 * z,
        "p": 1.0 + 0.003 * x - 0.002 * y + 0.001 * z,
        "ux": -400.0 + 2.0 * x + y,
        "uy": 10.0 - y + 3.0 * z,
        "uz": -5.0 + x + 0.5 * z,
        "bx": 1.0 + 0.1 * y,
        "by": -2.0 + 0.3 * x,
        "bz": 4.0 - 0.2 * z,
    }


def in_model_axes(axes):
    """The same on z, y, x of OpenGGCM, which has x and y the other way."""
    z, y, x = np.meshgrid(axes["z"], axes["y"], axes["x"], indexing="ij")
    made = fields(-x, -y, z)
    turned = {name: -made[name] for name in ("ux", "uy", "bx", "by")}
    return made | turned


def check(cube, rtol, atol, where=True):
    """Compare all of a cube at one time, on its own axes, where it is."""
    expected = fields(cube.x, cube.y, cube.z)
    found = {"n": cube.density, "p": cube.temperature * cube.density / EV}
    for letter, name in (("u", "velocity"), ("b", "magnetic_field")):
        for number, axis in enumerate("xyz"):
            found[letter + axis] = cube[name].isel(component=number)
    for name, array in found.items():
        wanted = expected[name].broadcast_like(cube.density).where(where)
        np.testing.assert_allclose(
            array.transpose("x", "y", "z"),
            wanted.transpose("x", "y", "z"),
            rtol=rtol,
            atol=atol,
            err_msg=name,
        )
