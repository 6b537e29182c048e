"""What a clean machine needs: pins, set-up, Binder, the targets of make."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import smile_explore

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
SCRIPTS = [".ci/run", "binder/postBuild"]


def read_pins(lines) -> dict[str, str]:
    pins = (line.split("==") for line in lines if not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pins}


@pytest.fixture(scope="module")
def constraints() -> dict[str, str]:
    return read_pins((ROOT / "constraints.txt").read_text().splitlines())


@pytest.fixture(scope="module")
def conda() -> list:
    text = (ROOT / "environment.yml").read_text()
    return yaml.safe_load(text)["dependencies"]


@pytest.fixture
def environment(monkeypatch):
    """The script that `make` calls, as a module; it says nothing here."""
    path = ROOT / "tools" / "environment.py"
    spec = importlib.util.spec_from_file_location("environment", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "_say", lambda _: None)
    return module


@pytest.fixture
def project(environment, tmp_path, monkeypatch):
    """A project whose set-up only leaves traces; what it did, in order."""
    (tmp_path / "pyproject.toml").write_text("[project]")
    (tmp_path / "constraints.txt").write_text("numpy==2.0")
    done = []

    def make(venv, python):
        done.append("make")
        (venv / "bin").mkdir(parents=True)
        (venv / "bin" / "python").symlink_to(python)

    def install(venv, root, extras):
        done.append(["install", *extras])

    monkeypatch.setattr(environment, "_make", make)
    monkeypatch.setattr(environment, "_install", install)
    return tmp_path, done


# --- pins ------------------------------------------------------------------


def test_both_environment_files_are_the_same():
    root = (ROOT / "environment.yml").read_text()
    assert (ROOT / "binder" / "environment.yml").read_text() == root


def test_environment_pins_what_is_tested(conda, constraints):
    used = read_pins(conda[-1]["pip"])
    assert used.items() <= constraints.items()


def test_environment_has_every_library_the_package_needs(conda):
    used = read_pins(conda[-1]["pip"])
    for line in PROJECT["dependencies"]:
        assert canonicalize_name(Requirement(line).name) in used


def test_python_of_the_environment_is_one_the_package_runs_on(conda):
    python = next(line for line in conda if str(line).startswith("python="))
    allowed = SpecifierSet(PROJECT["requires-python"])
    assert python.removeprefix("python=") in allowed
    assert "3.10" not in allowed


def test_pins_lie_in_the_ranges_of_the_project(constraints):
    extras = PROJECT["optional-dependencies"].values()
    lines = [
        *PROJECT["dependencies"],
        *(line for part in extras for line in part),
    ]
    for requirement in map(Requirement, lines):
        if requirement.name != PROJECT["name"]:
            version = constraints[canonicalize_name(requirement.name)]
            assert version in requirement.specifier, requirement


def test_bokeh_stays_below_what_panel_forbids():
    bokeh = next(
        Requirement(line)
        for line in PROJECT["dependencies"]
        if line.startswith("bokeh")
    )
    assert "3.10" not in bokeh.specifier


@pytest.mark.parametrize("name", ["constraints.txt", "environment.yml"])
def test_pins_are_names_and_versions_only(name):
    for line in (ROOT / name).read_text().splitlines():
        if "==" in line:
            assert re.fullmatch(r"( +- )?[\w.-]+==[\w.]+", line)
        else:
            assert not re.search(r"://|@|^-", line)


def test_every_library_that_is_imported_is_declared():
    providers = importlib.metadata.packages_distributions()
    serve = PROJECT["optional-dependencies"]["serve"]
    for path in (ROOT / "smile_explore").rglob("*.py"):
        extra = serve if path.parent.name == "serve" else []
        declared = {
            canonicalize_name(Requirement(line).name)
            for line in [*PROJECT["dependencies"], *extra]
        }
        for module in imported_modules(path):
            names = {canonicalize_name(n) for n in providers.get(module, ())}
            assert names & declared, f"{path.name} imports {module}"


def imported_modules(path: Path) -> set[str]:
    """Top names of the foreign modules that a file imports anywhere."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module)
    tops = {name.partition(".")[0] for name in names}
    return tops - sys.stdlib_module_names - {"smile_explore"}


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == smile_explore.__version__
    assert citation["license"] == PROJECT["license"]
    assert PROJECT["version"] == smile_explore.__version__


# --- scripts ---------------------------------------------------------------


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_can_be_run_and_read_by_bash(name):
    path = ROOT / name
    assert os.access(path, os.X_OK)
    assert b"\r" not in path.read_bytes()
    checked = subprocess.run(
        ["bash", "-n", str(path)], capture_output=True, text=True
    )
    assert checked.stderr == ""
    assert checked.returncode == 0


def test_binder_installs_the_package_and_computes_ahead(tmp_path):
    """Its steps in order, with programs that only write down their names."""
    prefix = tmp_path / "prefix"
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("python", "jupyter", "smile-explore"):
        script = programs / name
        script.write_text(
            f'#!/bin/sh\necho "{name} $*" >> {tmp_path}/calls\n'
            f'[ "$1" = -c ] && echo {prefix} || true\n'
        )
        script.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        ["bash", "binder/postBuild"],
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        check=True,
    )
    calls = (tmp_path / "calls").read_text().splitlines()
    assert calls[0] == "python -m pip install --no-cache-dir --no-deps ."
    assert calls[-1] == "smile-explore warm"
    extension = prefix / "share/jupyter/labextensions/smile-explore"
    assert (extension / "static" / "remoteEntry.js").is_file()


def test_make_alone_lists_what_can_be_done():
    listed = subprocess.run(
        ["make", "--no-print-directory"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for target in ("run", "test", "check", "docs", "bench", "clean"):
        assert re.search(rf"^  {target} +\w", listed, re.MULTILINE)


def test_make_without_python_says_what_to_install():
    answer = subprocess.run(
        ["make", "run", "PYTHON=python-that-is-not-there"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert answer.returncode != 0
    assert "install Python 3.11 or newer" in answer.stdout


# --- the virtual environment -----------------------------------------------


def test_the_set_up_script_can_be_read_by_an_old_python():
    source = (ROOT / "tools" / "environment.py").read_text()
    ast.parse(source, feature_version=(3, 6))
    assert "__future__" not in source


def test_a_first_start_makes_and_installs(environment, project):
    root, done = project
    environment.prepare(root, ["test"])
    assert done == ["make", ["install", "test"]]


def test_a_second_start_has_nothing_to_do(environment, project):
    root, done = project
    environment.prepare(root, ["test"])
    done.clear()
    environment.prepare(root)
    environment.prepare(root, ["test"])
    assert done == []


def test_further_extras_are_added_to_those_there(environment, project):
    root, done = project
    environment.prepare(root, ["test"])
    environment.prepare(root, ["dev"])
    assert done[-1] == ["install", "dev", "test"]
    assert done.count("make") == 1


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_pins_are_installed(name, environment, project):
    root, done = project
    environment.prepare(root)
    (root / name).write_text("changed")
    environment.prepare(root)
    assert done == ["make", ["install"], ["install"]]


def test_an_interrupted_set_up_begins_again(environment, project, monkeypatch):
    root, done = project

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "_install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            environment.prepare(root)
    assert (root / ".venv" / "bin" / "python").exists()
    environment.prepare(root)
    assert done == ["make", "make", ["install"]]


def test_half_an_environment_is_made_anew(environment, project, monkeypatch):
    root, done = project
    environment.prepare(root)
    (root / ".venv" / "bin" / "python").unlink()
    (root / ".venv" / "bin").rmdir()
    environment.prepare(root)
    assert done == ["make", ["install"]] * 2


def test_two_set_ups_at_once_do_the_work_once(environment, project):
    root, done = project
    both = [
        threading.Thread(target=environment.prepare, args=[root])
        for _ in range(2)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert done == ["make", ["install"]]


def test_a_python_that_is_too_old_says_so(environment, monkeypatch, capsys):
    monkeypatch.setattr(environment.sys, "version_info", (3, 9, 18))
    monkeypatch.setattr(environment, "_version", lambda *_: None)
    with pytest.raises(
        environment.SetupError,
        match=r"needs Python 3\.11 or newer, and this is 3\.9.*\n.*PYTHON=",
    ):
        environment._interpreter(exact=False)


def test_a_newer_python_is_found_beside_an_old_one(environment, monkeypatch):
    monkeypatch.setattr(environment.sys, "version_info", (3, 9, 18))
    monkeypatch.setattr(
        environment,
        "_version",
        lambda name, *_: (3, 12) if name == "python3.12" else None,
    )
    assert environment._interpreter(exact=False) == "python3.12"
    with pytest.raises(environment.SetupError, match=r"this is 3\.9"):
        environment._interpreter(exact=True)


def test_a_python_without_ensurepip_says_what_to_install(
    environment, monkeypatch, tmp_path
):
    monkeypatch.setattr(
        environment,
        "_version",
        lambda _, statement="": None if "ensurepip" in statement else (3, 11),
    )
    with pytest.raises(
        environment.SetupError, match=r"apt-get install python3\.11-venv"
    ):
        environment._make(tmp_path / ".venv", "python3")


def test_a_failed_step_says_what_it_was(environment):
    fail = [sys.executable, "-c", "raise SystemExit(3)"]
    with pytest.raises(environment.SetupError, match="Could not install"):
        environment._run(fail, "install the libraries")


# --- the browser -----------------------------------------------------------


def test_without_a_browser_it_is_said_what_to_install(
    environment, monkeypatch
):
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setattr(environment.shutil, "which", lambda _: None)
    with pytest.raises(
        environment.SetupError, match="sudo apt-get install chromium"
    ):
        environment.browser()


def test_root_on_debian_gets_a_browser(environment, monkeypatch):
    there = {"apt-get": "/usr/bin/apt-get"}
    ran = []

    def run(command, purpose, **options):
        ran.append(command[1])
        if "chromium" in command:
            there["chromium"] = "/usr/bin/chromium"

    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setattr(environment.shutil, "which", there.get)
    monkeypatch.setattr(environment.os, "geteuid", lambda: 0)
    monkeypatch.setattr(environment, "_run", run)
    assert environment.browser() == "/usr/bin/chromium"
    assert ran == ["update", "install"]


def test_a_browser_that_is_named_must_be_there(environment, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/no/such/browser")
    with pytest.raises(environment.SetupError, match="/no/such/browser"):
        environment.browser()
