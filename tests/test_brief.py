"""What readers open: every claim with what belongs to it, links that lead somewhere, and nothing stale."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote

import page as page_validation
import pikepdf
import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from factcheck import NOTEBOOKS, ROOT, sections, stored, tables, verdict
from factcheck.prose import Language

LANGUAGES = ("en", "ru")
each_language = pytest.mark.parametrize("code", LANGUAGES)


def file(code, kind):
    return NOTEBOOKS / ("brief" + ("" if code == "en" else f".{code}") + f".{kind}")


class Page(HTMLParser):
    """A page's ids, the addresses it names as (tag, attribute, address), and the text below each heading."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.addresses, self.styles, self.scripts, self.tags = [], [], [], [], []
        self.parts, self.label = {}, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            if name in (
                "href",
                "src",
                "srcset",
                "xlink:href",
                "action",
                "data",
                "poster",
                "background",
            ):
                self.addresses.append((tag, name, value))
            if name == "style":
                self.styles.append(value)
        if tag == "script":
            self.scripts.append(dict(attributes).get("type"))
        if tag in ("h1", "h2", "h3"):
            self.label = dict(attributes).get("id")
            self.parts[self.label] = ""
        self.tags.append(tag)

    def handle_endtag(self, tag):
        while self.tags and self.tags.pop() != tag:
            pass  # elements without an end tag

    def handle_data(self, data):
        if "style" in self.tags:
            self.styles.append(data)
        elif self.label and "script" not in self.tags:
            self.parts[self.label] += data


def letters(text):
    """Text without what a line break may change: spaces, hyphens, marks; in one case."""
    return re.sub(r"[\W_]+", "", text).casefold()


@pytest.fixture(scope="module")
def pages():
    return {code: Page(file(code, "html").read_text("utf-8")) for code in LANGUAGES}


@pytest.fixture(scope="module")
def printed():
    """{language: the letters of the PDF's text, page after page without their feet}."""
    found = {}
    for code in LANGUAGES:
        with pypdfium2.PdfDocument(file(code, "pdf")) as pdf:
            # The foot, a running title and the page's number, would cut a quote that runs over the page.
            found[code] = letters(
                "\n".join(page.get_textpage().get_text_bounded(bottom=50) for page in pdf)
            )
    return found


def evidence_of(result, language):
    """What a claim's section must show one of: who measured it or, where nothing decides, what was searched
    or what other readings find."""
    view, frames = result.evidence, result.evidence.frames
    searched = frames["searches"][frames["searches"].claim_id == result.claim.claim_id]
    if result.verdict == verdict.UNPROVEN:
        assert len(searched), f"{result.claim.claim_id}: unproven, and no search is recorded"
        others = [reading for reading in result.others if reading.judgements]
        return [language.of(row, "what") for row in searched.to_dict("records")] + [
            sections.found(language, result, reading) for reading in others
        ]
    words = []
    if result.verdict == verdict.VAGUE:
        records = [r for r in view.facts + view.events if r["topic"] == result.claim.topic]
        words = [language.of(row, "what") for row in searched.to_dict("records")]
    else:
        reading = result.primary
        ids = {source for j in reading.judgements for source in j.measured.sources}
        records = [{"source_id": source} for source in ids] + reading.events
        # Of a series a card gives its provider's short name, with what was measured and when.
        words = [
            sections.who(language, j.measured.who, view.sources)
            + sections.measured(language, j.measured, result.claim.unit)
            + language.date(j.measured.period)
            for j in reading.judgements
            if reading.row["indicator"]
        ]
    return words + [language.of(view.sources.loc[r["source_id"]], "institution") for r in records]


def missing(result, text, code):
    """What of a claim a text (letters only) has not: its quote, verdict, confidence, evidence."""
    language = Language(code)
    wanted = {
        "quote": [result.claim.quote],
        "verdict": [language.label(f"verdict.{result.verdict}")],
        "confidence": [
            f"{language.label('section.confidence')}: "
            + language.label(f"confidence.{result.claim.confidence}")
            if result.claim.confidence
            else ""  # a vague claim has none
        ],
        "reason": [language.of(result.claim, "confidence_reason")],
        "evidence": evidence_of(result, language),
    }
    return [
        name for name, any_of in wanted.items() if not any(letters(one) in text for one in any_of)
    ]


@each_language
def test_every_claim_is_there_in_html(pages, results, code):
    parts = pages[code].parts
    text = {name: letters(part) for name, part in parts.items()}
    lacking = {
        r.claim.claim_id: missing(r, text[f"claim-{r.claim.claim_id}"], code) for r in results
    }
    assert {name: what for name, what in lacking.items() if what} == {}
    assert {name for name in parts if name and name.startswith("claim-")} == {
        f"claim-{result.claim.claim_id}" for result in results
    }


@each_language
def test_every_claim_is_there_in_pdf(printed, results, code):
    text = printed[code]
    # From each quote's first place to that of the next: what stands there belongs to the claim.
    places = sorted(
        (text.find(letters(result.claim.quote)), result.claim.claim_id) for result in results
    )
    assert places[0][0] >= 0, f"not found: {[name for place, name in places if place < 0]}"
    ends = [place for place, _ in places[1:]] + [len(text)]
    part = {name: text[place:end] for (place, name), end in zip(places, ends)}
    lacking = {r.claim.claim_id: missing(r, part[r.claim.claim_id], code) for r in results}
    assert {name: what for name, what in lacking.items() if what} == {}


@each_language
def test_every_claim_has_its_bookmark(results, code):
    def titles(items):
        for item in items:
            yield letters(str(item.title))
            yield from titles(item.children)

    with pikepdf.open(file(code, "pdf")) as pdf, pdf.open_outline() as outline:
        found = list(titles(outline.root))
    wanted = [letters(Language(code).of(result.claim, "title")) for result in results]
    assert [title for title in wanted if found.count(title) != 1] == []


# ---- Links


@each_language
def test_every_link_leads_somewhere(pages, code):
    page = pages[code]
    twice = {one for one in page.ids if page.ids.count(one) > 1}
    assert twice == set()
    inner = {unquote(address[1:]) for _, _, address in page.addresses if address.startswith("#")}
    assert inner - set(page.ids) == set()
    assert len([one for one in inner if one.startswith("claim-")]) == len(
        [one for one in page.ids if one.startswith("claim-")]
    )


@each_language
def test_nothing_is_fetched_from_outside(pages, code):
    page = pages[code]
    for tag, name, address in page.addresses:
        if address.startswith("#"):
            continue
        # What a reader may follow, and the numbers of a figure; nothing that loads by itself.
        allowed = (
            tag == "a"
            and name == "href"
            and re.match(r"https?://|mailto:|data:text/csv[;,]", address)
        )
        assert allowed, f"<{tag} {name}={address[:80]}>"
    for style in page.styles:
        assert "@import" not in style
        named = re.findall(r"url\(\s*[\"']?([^)\"']{0,60})", style)
        assert [url for url in named if not re.match("data:|#", url)] == []
    assert set(page.scripts) <= {
        "application/ld+json"
    }  # data for search engines, which no browser runs


# ---- Nothing is stale


def test_the_stored_brief_is_the_current_one():
    briefs = [notebook for notebook in stored.notebooks() if notebook.exports]
    assert sorted(path.name for notebook in briefs for path in notebook.exports) == sorted(
        file(code, kind).name for code in LANGUAGES for kind in ("html", "pdf")
    )
    for notebook in briefs:
        assert notebook.why is None and notebook.stale_exports() == {}


@each_language
def test_machines_read_each_claim_with_its_verdict(results, code):
    page = BeautifulSoup(file(code, "html").read_text("utf-8"), "html.parser")
    reviews = [
        json.loads(script.string) for script in page.find_all("script", type="application/ld+json")
    ]
    language = Language(code)
    assert [review["claimReviewed"] for review in reviews] == [
        result.claim.quote for result in results
    ]
    for review, result in zip(reviews, results):
        assert (review["@context"], review["@type"], review["inLanguage"]) == (
            "https://schema.org",
            "ClaimReview",
            code,
        )
        assert review["reviewRating"] == {
            "@type": "Rating",
            "alternateName": language.label(f"verdict.{result.verdict}"),
        }
        said = review["itemReviewed"]
        assert said["author"]["name"] == language.of(result.claim, "speaker")
        assert said["appearance"]["publisher"]["name"] == result.evidence.interview["outlet"]
        assert (
            "url" not in review and "author" not in review
        )  # left out while publication.csv names neither


@each_language
def test_the_brief_prints_the_digest_of_the_data(pages, printed, code):
    assert tables.digest() in "".join(pages[code].parts.values())
    assert tables.digest() in printed[code]


def problems(root):
    """What the check of the copy in `root` says, by its own package."""
    environment = {key: value for key, value in os.environ.items() if key != "FACTCHECK_FIGURES"}
    code = "from factcheck import stored; print(*stored.problems(), sep='\\n')"
    process = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root / "notebooks",
        env=environment,
        encoding="utf-8",
        capture_output=True,
        timeout=60,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout.split("\n")[:-1]


def test_a_stale_brief_is_recognised(copy):
    assert problems(copy.root) == [""]
    copy.edit(
        "series", ("wb-population-2025-04", "KAZ", "2023"), value="20330105"
    )  # one person more
    names = sorted(path.name for path in (copy.root / "notebooks").glob("*.ipynb"))
    stale = [f"notebooks/{name}: the data changed since it was run" for name in names]
    stale += [
        f"notebooks/{file(code, kind).name} was not printed from the stored notebook"
        for code in LANGUAGES
        for kind in ("html", "pdf")
    ]
    assert sorted(problems(copy.root)) == sorted(stale)


def test_a_figure_that_was_touched_is_recognised(copy):
    path = copy.root / "figures/population_ratio.csv"
    path.write_text(path.read_text("utf-8").replace("69.39", "79.39"), "utf-8")
    found = problems(copy.root)
    assert found and all(
        line.endswith("figures/population_ratio.csv is not what it drew") for line in found
    )


@each_language
def test_the_readme_has_the_results_as_computed(results, code):
    readme = (ROOT / ("README.md" if code == "en" else f"README.{code}.md")).read_text("utf-8")
    [table] = re.findall(r"<!-- results -->\n(.*?)\n?<!-- /results -->", readme, re.DOTALL)
    table = table.replace(f"](notebooks/{file(code, 'html').name}#", "](#")
    assert table == sections.results_markdown(Language(code), results)


# ---- The stored files, as readers get them


@each_language
@pytest.mark.parametrize("profile", ["ua1", "pdfa2a"])
def test_stored_pdf_meets_every_rule(code, profile):
    report = page_validation.validate_pdf(str(file(code, "pdf")), profile=profile)
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant


@each_language
def test_stored_page_is_light_enough_for_a_mail(code):
    # Mail gateways let several megabytes through; on a phone with a slow link nobody waits for more than one.
    # A page grows by some eight thousand bytes a claim.
    size = file(code, "html").stat().st_size
    assert size < 1_000_000, f"{file(code, 'html').name} has {size:,} bytes: what in it has grown?"


@each_language
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_stored_page_in_a_browser(chromium, code, width, scheme):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page, trouble = context.new_page(), []
    page.on("request", lambda request: trouble.append(request.url))
    for event in ("console", "pageerror"):
        page.on(event, lambda what: trouble.append(str(what)))
    page.goto(file(code, "html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(element => element.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    violations = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in violations] == []
    assert [what for what in trouble if not what.startswith(("file:", "data:"))] == []
    context.close()
