"""The documentation site: its pages as they are written, and as built."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from smile_explore import schema
from smile_explore.explorer.panels import PANELS, Picture
from tools.build_gallery import FOLDER, file_name
from tools.handbook import __main__ as handbook
from tools.handbook import accuracy, lessons, names, pages, papers, reference
from tools.handbook.code import modules, public
from tools.handbook.docstrings import as_markup

ROOT = Path(__file__).parents[1]

# --- pages as they are written ---------------------------------------------


def test_every_public_module_has_a_page_and_every_room_is_told():
    made = reference.pages()
    for name in modules():
        assert (f"api/{name}.rst" in made) == public(name)
    first = {name.split(".")[1] for name in modules() if name.count(".") == 1}
    rooms = {room for room, _ in reference.ROOMS[1:]}
    assert {name for name in first if public(name)} == rooms


def test_every_public_name_stands_on_the_page_of_its_module():
    made = reference.pages()
    for name, module in modules().items():
        if public(name):
            for door in module.doors():
                assert door.name in made[f"api/{name}.rst"], (name, door)


def test_a_name_that_is_passed_on_is_explained_once():
    text = reference.pages()["api/smile_explore.events.rst"]
    assert ":py:obj:`observe <smile_explore.events.simulate.observe>`" in text
    assert "autofunction" not in text


def test_what_a_private_module_defines_is_explained_where_it_is_shown():
    text = reference.pages()["api/smile_explore.instruments.mag.rst"]
    assert ".. autoclass:: smile_explore.instruments.mag.Magnetometer" in text


def test_set_in_formulas_and_bars_become_literal():
    plain = ["The level of", "", "    F = |R|", "", "with |R| the length."]
    assert as_markup(plain) == [
        *["The level of", "", "::", "", "    F = |R|", ""],
        r"with \|R\| the length.",
    ]


def test_sections_and_lists_of_docstrings_stay_as_they_are():
    lines = [
        *["Parameters", "----------", "one : str", "    How:", ""],
        *["    ``a|b``", "        Either.", "", ".. note::", "", "    So."],
    ]
    assert as_markup(lines) == lines


def test_links_lead_to_pages_or_to_the_repository():
    source = ROOT / "docs" / "sun.md"
    known = {ROOT / "docs" / "orbit.md", ROOT / "notebooks" / "one.ipynb"}
    text = (
        "[a](orbit.md#files) [b](../Makefile) [c](../notebooks/one.ipynb) "
        "[d](https://a.b/c) ![e](images/xray.png) [f](../tests) [g](gone.md)"
    )
    assert pages.linked(text, source, known) == (
        f"[a](orbit.md#files) [b]({pages.ADDRESS}/blob/main/Makefile) "
        "[c](../notebooks/one.md) [d](https://a.b/c) ![e](images/xray.png) "
        f"[f]({pages.ADDRESS}/tree/main/tests) [g](gone.md)"
    )


def test_pages_that_no_table_of_contents_names_are_added_to_one():
    texts = {"science.md": "docs/a\n", "docs/a.md": "docs/b", "docs/b.md": ""}
    assert "\n\ndocs/b\n```" in pages.further(texts)
    del texts["docs/b.md"]
    assert pages.further(texts) == ""


def test_a_table_is_taken_whole_and_a_lost_one_is_told():
    text = "a\n**Measured** so\n\n| x |\n|---|\n| 1 |\n\n| y |\n"
    assert accuracy.table(text, "**Measured**") == "| x |\n|---|\n| 1 |"
    with pytest.raises(ValueError, match="no table follows 'Gone'"):
        accuracy.table(text, "Gone")


def test_a_lesson_has_its_title_its_words_and_its_code():
    text = lessons.page(ROOT / "notebooks" / "oval_in_sunlight.ipynb")
    assert text.startswith("# Find the oval in June sunlight\n")
    assert "\n## 1. December" in text
    shown = "](../docs/images/lessons/oval_in_sunlight_5.png)"
    june = text.index("```python\njune = sunlit_oval.look(month=6)")
    assert june < text.index(shown) < text.index("## 3. Lose it")


def test_pictures_of_lessons_are_of_cells_that_are_there():
    for picture in (ROOT / "docs" / "images" / "lessons").glob("*.png"):
        stem, _, number = picture.stem.rpartition("_")
        notebook = ROOT / "notebooks" / f"{stem}.ipynb"
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        assert cells[int(number)]["cell_type"] == "code", picture.name


def test_every_schema_is_described_with_its_units():
    text = names.page()
    for name in schema.__all__:
        if isinstance(getattr(schema, name), schema.Schema):
            assert re.search(rf"^## {name}\n\n\S", text, re.M), name
    assert "| `density` | x, y, z | cm-3 |" in text


def test_papers_are_joined_by_their_doi():
    rows = [row for row in papers.page().splitlines() if "2009JA014235" in row]
    assert len(rows) == 1
    assert "`physics.boundaries.lin_magnetopause <" in rows[0]
    assert "`retrieval.magnetopause.locate <" in rows[0]


def test_every_panel_that_is_drawn_hangs_in_the_gallery():
    text = (ROOT / "docs" / "site" / "gallery.md").read_text("utf-8")
    for name, panel in PANELS.items():
        if isinstance(panel, Picture):
            assert (FOLDER / file_name(name)).is_file(), name
            assert f"docs/images/gallery/{file_name(name)}" in text, name


# --- the site as it is built -----------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built without a warning; its pages by their place in it."""
    out = tmp_path_factory.mktemp("site")
    assert handbook.build(out, tmp_path_factory.mktemp("work")) == 0
    return {
        path.relative_to(out).as_posix(): path.read_text("utf-8")
        for path in out.rglob("*")
        if path.suffix in {".html", ".js"} and "_static" not in path.parts
    } | {"": str(out)}


@pytest.mark.site
def test_pages_stand_where_they_are_looked_for(site):
    expected = ["index", "gallery", "accuracy", "papers", "names", "search"]
    expected += [f"docs/{p.stem}" for p in (ROOT / "docs").glob("*.md")]
    expected += [
        f"notebooks/{p.stem}" for p in (ROOT / "notebooks").glob("*.ipynb")
    ]
    assert [one for one in expected if f"{one}.html" not in site] == []
    locate = site["api/smile_explore.retrieval.magnetopause.html"]
    assert 'id="smile_explore.retrieval.magnetopause.locate"' in locate


@pytest.mark.site
@pytest.mark.parametrize(
    ("page", "target"),
    [
        # a name that the module passes on, and one by its room
        ("data.mhd", "data.mhd.opening.html#smile_explore.data.mhd.opening"),
        ("data.ephemeris.opening", "instruments.orbit.html"),
    ],
)
def test_code_in_docstrings_is_a_link_where_it_names_one_thing(
    site, page, target
):
    text = site[f"api/smile_explore.{page}.html"]
    assert f'href="smile_explore.{target}' in text.partition("<article")[2]


@pytest.mark.site
def test_links_inside_the_site_lead_somewhere(site):
    out = Path(site[""])
    lost = set()
    for place, text in site.items():
        for link in re.findall(r'(?:href|src)="([^"]+)"', text):
            address, anchor = urldefrag(unquote(link))
            address = address.partition("?")[0]
            if re.match(r"[a-z]+:|//", link) or not place.endswith(".html"):
                continue
            target = (out / place).parent / address if address else out / place
            inside = target.resolve().relative_to(out.resolve()).as_posix()
            there = target.exists()
            if there and anchor and inside.endswith(".html"):
                there = f'id="{anchor}"' in site[inside]
            if not there:
                lost.add((place, link))
    assert lost == set()


@pytest.mark.site
def test_a_reader_needs_no_internet(site):
    for place, text in site.items():
        asked = re.findall(
            r'<(?:script|img|iframe)[^>]* src="(https?:|//)[^"]*"'
            r'|<link[^>]* rel="(?:stylesheet|preload)"[^>]* href="https?:',
            text,
        )
        assert asked == [], place
    assert '"magnetopaus":' in site["searchindex.js"]
