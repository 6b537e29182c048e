"""Sphinx's settings for the site; `make docs` builds it.

The pages stand in a folder that `tools/handbook` has filled: docs/*.md, the
notebooks, and what is made of docstrings. Nothing is asked of the internet,
neither while building nor while reading.
"""

from smile_explore import __version__
from tools.handbook.pages import ADDRESS

project = "smile_explore"
author = "The smile_explore developers"
project_copyright = author
version = release = __version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx_design",
    "tools.handbook.docstrings",
]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
numpydoc_show_class_members = False
autodoc_typehints = "none"  # numpydoc's Parameters have them, with units
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
maximum_signature_line_length = 60
add_module_names = False
toc_object_entries_show_parents = "hide"
default_role = "py:obj"  # code, and a link where there is one

html_theme = "pydata_sphinx_theme"
html_title = "smile_explore"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "github_url": ADDRESS,
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "navigation_depth": 3,
    "show_nav_level": 1,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": ["sphinx-version"],
    "show_version_warning_banner": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_sidebars = {"index": [], "gallery": [], "accuracy": []}
