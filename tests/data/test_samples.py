import hashlib

import pytest

from smile_explore.data import samples


@pytest.mark.parametrize("name", samples.names())
def test_every_sample_is_whole(name):
    file = samples.path(name)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert digest == samples.manifest()[name]["sha256"]


def test_all_samples_together_stay_small():
    total = sum(entry["bytes"] for entry in samples.manifest().values())
    assert total < 38_000_000


def test_no_file_is_shipped_that_the_manifest_does_not_know():
    folder = samples.path(samples.names()[0]).parent
    shipped = {
        file.name
        for file in folder.iterdir()
        if file.suffix in (".nc", ".csv")
    }
    assert shipped == set(samples.names())


def test_an_unknown_sample_is_refused_and_the_known_ones_are_listed():
    with pytest.raises(ValueError, match="no sample 'moon.nc'.*batsrus_b"):
        samples.path("moon.nc")


def test_a_path_that_is_no_sample_is_left_as_it_is(tmp_path):
    assert samples.find(tmp_path / "own.nc") == tmp_path / "own.nc"
    name = samples.names()[0]
    assert samples.find(name) == samples.path(name)


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """One sample of ten bytes, in a folder that can be damaged."""
    content = b"0123456789"
    digest = hashlib.sha256(content).hexdigest()
    (tmp_path / "ten.nc").write_bytes(content)
    (tmp_path / "manifest.toml").write_text(
        f'["ten.nc"]\nwhat = ""\nbytes = 10\nsha256 = "{digest}"\n'
    )
    monkeypatch.setattr(samples, "_FOLDER", tmp_path)
    samples.manifest.cache_clear()
    yield tmp_path / "ten.nc"
    samples.manifest.cache_clear()


def test_a_whole_file_is_accepted(shipped):
    assert samples.path("ten.nc") == shipped


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"01234", "ten.nc is damaged: it has 5 bytes instead of 10; restore"),
        (b"012345678X", "ten.nc is damaged: its sha256.*git checkout"),
        (None, "ten.nc is missing; restore it .* or reinstall"),
    ],
    ids=["cut short", "altered", "missing"],
)
def test_a_damaged_sample_is_named_with_what_to_do(shipped, content, message):
    shipped.unlink()
    if content is not None:
        shipped.write_bytes(content)
    with pytest.raises(OSError, match=message):
        samples.path("ten.nc")


def test_damage_that_comes_after_a_check_is_found(shipped):
    samples.path("ten.nc")
    shipped.write_bytes(b"9876543210")
    with pytest.raises(OSError, match="damaged"):
        samples.path("ten.nc")
