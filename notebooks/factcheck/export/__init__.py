"""Print a notebook as one HTML page (`brief_html`) or as an accessible PDF (`brief_pdf`).

    jupyter nbconvert --to brief_html notebooks/00_brief.ipynb
    jupyter nbconvert --to brief_pdf --BriefPDFExporter.language=ru notebooks/00_brief.ipynb

`document` takes the notebook apart, `pandoc` reads the parts and writes HTML or Typst, `page` and
`pdf` make one file of that. A brief is printed strictly: what is missing or wrong stops it. Any other
notebook is printed leniently: what is missing is told, a line each.
"""


class ExportError(ValueError):
    """The notebook cannot be printed; the message is one line: notebook, cell, what, what to do."""


def prepare() -> None:
    """Load what each print needs; a build does so while notebooks run."""
    from . import exporters, fonts  # noqa: F401 – to be imported

    fonts.covered()


def __getattr__(name: str):
    # nbconvert takes most of a second to import; who only asks for a digest should not wait for it.
    if name.endswith("Exporter"):
        from . import exporters

        return getattr(exporters, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
