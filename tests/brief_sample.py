"""A brief made by hand, in two languages, with every role that a display can have; for the tests of the exporters."""

import hashlib

from nbformat.v4 import new_code_cell, new_notebook, new_output

FACTS = "application/vnd.factcheck+json"
RUSSIAN = "Раньше разница была где-то 80-85 процентов, а сейчас в разы больше."
KAZAKH = "Қазақстан Республикасының Тұңғыш Президенті"
ALT = {
    "en": "Line from 72 in 1990 to 73 in 2024.",
    "ru": "Линия от 72 в 1990 году до 73 в 2024 году.",
}
WORDS = ' <span data-tag="words"><span lang="es">«palabras {}»</span> (ours: “words”)</span>'
EVIDENCE = "\n".join(f"- Case {n} ([World Bank](#source-wb)){WORDS.format(n)}" for n in range(1, 7))
TITLES = {"en": "Kazakhstan and China", "ru": "Казахстан и Китай"}
SVG = """<?xml version="1.0" encoding="utf-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="453.6pt" height="230pt"
 viewBox="0 0 {width} 230"><metadata>gone</metadata><defs><style type="text/css">*{{stroke-linejoin: round}}</style>
<clipPath id="p1"><rect width="{width}" height="230"/></clipPath></defs>
<g clip-path="url(#p1)"><path d="M 10.12345 200 L {width} 20" style="fill: none; stroke: #b3261e; stroke-width: 2"/></g>
<text x="20" y="40" style="font: 9px 'Source Sans 3', 'DejaVu Sans', sans-serif; fill: #1f2933">{text}</text></svg>"""


def cell(source, *bundles, run=True):
    """A code cell that displayed these bundles; each knows the source it came from."""
    digest = hashlib.sha256(source.encode()).hexdigest()[:8]
    outputs = []
    for bundle in bundles:
        facts = {**bundle[FACTS], "cell": digest}
        outputs.append(new_output("display_data", data={**bundle, FACTS: facts}, metadata={}))
    return new_code_cell(
        source, outputs=outputs, execution_count=1 if run else None, id=f"c{digest}"
    )


def both(role, en, ru, **facts):
    """A display in every language."""
    return {"text/markdown": en, "text/vnd.factcheck.ru": ru, FACTS: {"role": role, **facts}}


def said(lang, text, role="text", **facts):
    """What a %%say cell displays."""
    return {"text/markdown": text, FACTS: {"role": role, "lang": lang, **facts}}


def chart(name="population_ratio", alt=ALT):
    """A chart in both languages, drawn for page and phone."""
    texts = {lang: {"title": f"T {lang}", "source": "S", "alt": alt[lang]} for lang in alt}
    data = {
        "text/plain": alt["en"],
        FACTS: {
            "role": "chart",
            "name": name,
            "texts": texts,
            "csv": "year,times\n1990,72\n2024,73\n",
        },
    }
    for lang, word in (("en", "claimed"), ("ru", "сказано")):
        for size, width in (("page", 453), ("phone", 245)):
            mime = (
                "image/svg+xml"
                if (lang, size) == ("en", "page")
                else f"text/vnd.factcheck.svg.{size}.{lang}"
            )
            data[mime] = SVG.format(width=width, text=f"{word} {size} 80–85")
    return data


def population(name="population"):
    """The notebook of one claim."""
    title = {"en": "How many people", "ru": "Сколько людей"}
    quote = f"> «{RUSSIAN}»\n>\n> — Interview, ¶ 3"
    words = " ".join(
        ["The claim is compared with what was known when the interview was given."] * 6
    )
    cells = [
        cell("import this"),
        cell(
            "claim",
            both(
                "claim", f"## {title['en']}\n\n{quote}", f"## {title['ru']}\n\n{quote}", claim=name
            ),
        ),
        cell(
            "conclude",
            both(
                "evidence",
                "| Source | Times |\n|:--|--:|\n| [World Bank](#source-wb) | 69.4 |",
                "| Источник | Раз |\n|:--|--:|\n| [Всемирный банк](#source-wb) | 69,4 |",
            ),
            both(
                "details",
                "#### All readings\n\n| a | b |\n|--|--|\n| 1 | 2 |",
                "#### Все прочтения\n\n| a | b |\n|--|--|\n| 1 | 2 |",
            ),
            both("research", "only in the laboratory", "только в лаборатории"),
        ),
        cell(
            "%%say en verdict",
            said(
                "en",
                "**Out of date.** The claim held from 1999 to 2009; US\\$5 and US\\$7.",
                "verdict",
                claim=name,
            ),
        ),
        cell(
            "%%say ru verdict",
            said(
                "ru",
                "**Устарело.** Утверждение было верно с 1999 по 2009 год.",
                "verdict",
                claim=name,
            ),
        ),
        cell(
            "%%say en",
            said("en", f"{words} He said {KAZAKH}.[^a]\n\n[^a]: A note about «{RUSSIAN}»"),
        ),
        cell("%%say ru", said("ru", f"Слова о словах.[^a] {KAZAKH}\n\n[^a]: Примечание.")),
        cell(
            "charts.show",
            both("chart-title", "The ratio fell", "Отношение упало"),
            chart(f"{name}_ratio"),
            both(
                "chart-source",
                "Source: [World Bank](#source-wb)",
                "Источник: [Всемирный банк](#source-wb)",
            ),
        ),
    ]
    return new_notebook(cells=cells)


def sources():
    """The display of the annex' table of sources."""
    rows = "| World Bank | *Population* | <https://data.worldbank.org/> |\n| IMF | *WEO* | address not obtained |"
    head = "| Institution | Title | Address |\n|:--|:--|:--|\n"
    return both("sources", head + rows, head + rows, sources=["wb", "imf"])


def brief():
    """The brief itself; it takes the sections of `02_population`."""
    tile = "- [How many people](#claim-population) **{}**\n- [What it costs](#claim-cost) **{}**\n- [Who was first](#claim-first) **{}**"
    groups = [
        {"claim": c, "group": g}
        for c, g in (("population", "fails"), ("cost", "holds"), ("first", "open"))
    ]
    card = "### {}\n\n> «{}»"
    front = {
        lang: f"# {title}\n\n*The numbers of one interview, checked*\n\nInterview of 16 June 2025."
        for lang, title in TITLES.items()
    }
    cells = [
        cell(
            "front",
            both(
                "front",
                front["en"],
                front["ru"],
                title=TITLES,
                date="2026-11-22",
                authors=["Nobody"],
                digest="0123456789abcdef",
            ),
        ),
        cell(
            "tiles",
            both(
                "tiles",
                tile.format("Out of date", "Correct", "Unproven"),
                tile.format("Устарело", "Верно", "Не доказано"),
                tiles=groups,
            ),
        ),
        cell(
            "summary",
            both("summary", "Of three claims one holds.", "Из трёх утверждений верно одно."),
        ),
        cell(
            "take",
            both(
                "take",
                "[02_population](02_population.ipynb)",
                "[02_population](02_population.ipynb)",
                take=["02_population"],
            ),
        ),
        cell("%%say en columns", said("en", "## Short answers", "columns")),
        cell("%%say ru columns", said("ru", "## Коротко", "columns")),
        cell(
            "cards",
            both(
                "claim",
                card.format("What it costs", RUSSIAN),
                card.format("Сколько стоит", RUSSIAN),
                claim="cost",
            ),
            both("verdict", "**Correct.** Because.", "**Верно.** Потому что.", claim="cost"),
            both("evidence", EVIDENCE, EVIDENCE, claim="cost"),
            both(
                "claim",
                card.format("Who was first", RUSSIAN),
                card.format("Кто был первым", RUSSIAN),
                claim="first",
            ),
            both(
                "verdict", "**Unproven.** Because.", "**Не доказано.** Потому что.", claim="first"
            ),
        ),
        cell("note", both("note", "Small print.", "Мелкий шрифт.")),
        cell("%%say en annex", said("en", "## Annex", "annex")),
        cell("%%say ru annex", said("ru", "## Приложение", "annex")),
        cell("%%say en  ", said("en", "### Sources")),
        cell("%%say ru  ", said("ru", "### Источники")),
        cell("sources", sources()),
        cell(
            "reviews",
            {
                "text/plain": "",
                FACTS: {
                    "role": "reviews",
                    "reviews": {"en": [{"@type": "ClaimReview", "name": "</script><b>"}], "ru": []},
                },
            },
        ),
    ]
    return new_notebook(
        cells=cells,
        metadata={
            "factcheck": {
                "brief": ["en", "ru"],
                "repository": "https://example.org/r",
                "data": "../data/README.md",
            }
        },
    )
