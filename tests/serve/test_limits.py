import psutil
import pytest

from smile_explore.physics.threads import processors
from smile_explore.serve import Limits


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"users": 0}, "users is 0, but a class has one seat"),
        ({"memory": 0.5}, "memory is 0.5 GB .* needs 0.8"),
        ({"threads": 0}, "threads is 0, but it is between 1 and"),
        ({"threads": processors() + 1}, f"the {processors()} processors"),
        ({"idle": 0.0}, "idle is 0 minutes, .* more than 0"),
        ({"users": 3, "ready": 4}, "ready is 4, but of 3 seats 0 to 3"),
    ],
)
def test_limits_that_cannot_be_are_refused(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        Limits(**wrong)


def test_who_promises_more_memory_than_there_is_is_told():
    free = psutil.virtual_memory().available / 1e9
    assert Limits(users=1, memory=0.8, ready=0).caution() == ""
    many = Limits(users=int(free) + 2, memory=1.0).caution()
    assert "allow fewer users, or less memory" in many
