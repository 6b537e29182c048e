"""Two-body motion about Earth, and the elements of SMILE."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from smile_explore.constants import EARTH_GRAVITY, EARTH_RADIUS

__all__ = ["SMILE", "Elements", "kepler"]


@dataclass(frozen=True)
class Elements:
    """Kepler elements of an orbit about Earth, in GEI (J2000).

    The defaults are SMILE's as planned before launch; no measured elements
    are public yet.

    Parameters
    ----------
    perigee_altitude : float
        5000 km [1]_. Above a sphere of 1 R_E, as all altitudes here. [km]
    apogee_radius : float
        Geocentric. 20.02 R_E is the published altitude of 121 182 km [2]_,
        which is 20 equatorial radii from the centre. [R_E]
    inclination : float
        73 deg [1]_, [3]_. [deg]
    raan : float
        Right ascension of the ascending node. **An assumption**: 180 deg is
        chosen here, since none is published. SXI can then look during 0.6 to
        0.8 of an orbit in March, June, September and December alike. [deg]
    argument_of_perigee : float
        287.5 deg [3]_: perigee in the south, apogee in the north. [deg]
    perigee_time : numpy.datetime64 or str
        A passage through perigee, UTC. **An assumption**.

    Raises
    ------
    ValueError
        If the perigee is below ground or above the apogee, or there is no
        perigee time.

    References
    ----------
    .. [1] Branduardi-Raymont and Wang (2024), The SMILE Mission,
       https://doi.org/10.1007/978-981-19-6960-7_39
    .. [2] ESA, https://sci.esa.int/web/smile/-/59199-smile-operational-orbit
    .. [3] MSSL, https://mssl.ucl.ac.uk/SMILE/observing.html
    """

    perigee_altitude: float = 5000.0
    apogee_radius: float = 20.02
    inclination: float = 73.0
    raan: float = 180.0
    argument_of_perigee: float = 287.5
    perigee_time: np.datetime64 | str = "2026-09-01T00:00"

    def __post_init__(self) -> None:
        """Refuse an orbit that is none."""
        if not self.perigee_altitude > 0.0:
            raise ValueError(
                "perigee_altitude must be above ground, got "
                f"{self.perigee_altitude:g} km"
            )
        if not self.apogee_radius * EARTH_RADIUS >= self.perigee_radius:
            raise ValueError(
                "apogee_radius must not be below the perigee of "
                f"{self.perigee_radius / EARTH_RADIUS:.3g} R_E, got "
                f"{self.apogee_radius:g} R_E"
            )
        if np.isnat(np.datetime64(self.perigee_time)):
            raise ValueError("perigee_time must be a time, got NaT")

    @property
    def perigee_radius(self) -> float:
        """Distance of the perigee from Earth's centre [km]."""
        return self.perigee_altitude + EARTH_RADIUS

    @property
    def semi_major_axis(self) -> float:
        """Half the length of the orbit [km]."""
        return (self.perigee_radius + self.apogee_radius * EARTH_RADIUS) / 2.0

    @property
    def eccentricity(self) -> float:
        """Shape of the orbit; 0 is a circle."""
        return 1.0 - self.perigee_radius / self.semi_major_axis

    @property
    def period(self) -> float:
        """Time from perigee to perigee [s]."""
        return float(
            2.0 * np.pi * np.sqrt(self.semi_major_axis**3 / EARTH_GRAVITY)
        )


#: The orbit of SMILE as planned before launch.
SMILE = Elements()


def kepler(
    time: np.ndarray, elements: Elements
) -> tuple[np.ndarray, np.ndarray]:
    """Return position [km] and velocity [km s-1] in GEI."""
    since = time - np.datetime64(elements.perigee_time).astype(time.dtype)
    axis, eccentricity = elements.semi_major_axis, elements.eccentricity
    motion = 2.0 * np.pi / elements.period
    anomaly = _eccentric_anomaly(
        motion * (since / np.timedelta64(1, "s")), eccentricity
    )
    cosine, sine = np.cos(anomaly), np.sin(anomaly)
    minor = axis * np.sqrt(1.0 - eccentricity**2)
    rate = motion / (1.0 - eccentricity * cosine)
    zero = np.zeros_like(anomaly)
    in_plane = np.stack(
        [axis * (cosine - eccentricity), minor * sine, zero], axis=-1
    )
    moving = np.stack([-axis * sine * rate, minor * cosine * rate, zero], -1)
    # perifocal axes: X to the perigee, Z along the angular momentum
    turn = Rotation.from_euler(
        "ZXZ",
        [elements.raan, elements.inclination, elements.argument_of_perigee],
        degrees=True,
    ).as_matrix()
    return in_plane @ turn.T, moving @ turn.T


def _eccentric_anomaly(
    mean_anomaly: np.ndarray, eccentricity: float
) -> np.ndarray:
    """Solve Kepler's equation E - e sin E = M by Newton's method [rad]."""
    mean = np.remainder(mean_anomaly + np.pi, 2.0 * np.pi) - np.pi
    # Danby's start, from which Newton converges for every e < 1
    anomaly = mean + 0.85 * eccentricity * np.sign(np.sin(mean))
    for _ in range(20):
        step = (anomaly - eccentricity * np.sin(anomaly) - mean) / (
            1.0 - eccentricity * np.cos(anomaly)
        )
        anomaly = anomaly - step
        if np.all(np.abs(step) < 1e-14):
            break
    return anomaly
