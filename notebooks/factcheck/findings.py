"""From measured values to a finding: `conclude` lets the rule judge them and leaves the finding in the output.

A finding has its readings (ways to read the claim), the verdict on the one that is judged, and what other
choices would make of it. It travels in the stored output, where the brief collects it.
"""

from dataclasses import dataclass, field

import pandas as pd

from factcheck import data, judging, rule
from factcheck.csvcells import hint
from factcheck.judging import Reading, against
from factcheck.language import Language, languages
from factcheck.measures import COLUMNS
from factcheck.words import mime, publish

GROUPS = {
    "holds": ("correct", "mostly-correct"),
    "fails": ("out-of-date", "exaggerated", "understated", "incorrect"),
}


def group(verdict: str) -> str:
    """Whether a verdict says that a claim "holds", that it "fails", or leaves it "open"."""
    return next((name for name, words in GROUPS.items() if verdict in words), "open")


@dataclass(frozen=True)
class Finding:
    """A claim with its readings, its verdict, and what other choices would make of it."""

    claim: pd.Series
    readings: dict[str, Reading]
    verdict: str
    newest_verdict: str
    factor: tuple[float, float] | None  # claimed over measured, lowest and highest over the sources
    sensitivity: list[tuple[str, object, str]]  # choice, detail, verdict
    near: pd.DataFrame | None = field(default=None, repr=False)

    @property
    def primary(self) -> Reading | None:
        """The reading that is judged; None for a claim that is too vague."""
        return next((reading for reading in self.readings.values() if reading.row.is_primary), None)

    def __getitem__(self, reading_id: str) -> Reading:
        return self.readings[reading_id]

    @property
    def low(self) -> float:
        """Lowest measured value of the reading that is judged, as known on the day."""
        return self.primary.low

    @property
    def high(self) -> float:
        """Highest measured value of the reading that is judged, as known on the day."""
        return self.primary.high

    @property
    def excess(self) -> float:
        """Middle of the factor: for the format "excess", as in "too high by about a fifth"."""
        return sum(self.factor) / 2

    @property
    def changes(self) -> list[tuple[tuple[str, object], str]]:
        """The choices that would change the verdict, with what it would be."""
        return [
            ((kind, detail), other)
            for kind, detail, other in self.sensitivity
            if other != self.verdict
        ]

    @property
    def measured(self) -> pd.DataFrame:
        """The values of all readings as one tidy frame, with a column reading."""
        frames = [reading.all_rows.assign(reading=name) for name, reading in self.readings.items()]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["reading"])

    def as_json(self) -> dict:
        """What travels in the stored output: everything that briefs, tables and checks need."""
        columns = ["reading", *COLUMNS, "event_id", "date", "object", "verdict"]
        rows = self.measured.reindex(columns=columns).dropna(axis="columns", how="all")
        row = {key: None if pd.isna(value) else value for key, value in self.claim.items()}
        return {
            "claim": self.claim.name,
            "row": row,
            "verdict": self.verdict,
            "newest_verdict": self.newest_verdict,
            "confidence": self.claim.confidence,
            "group": group(self.verdict),
            "factor": list(self.factor) if self.factor else None,
            "excess": self.excess if self.factor else None,
            "readings": {
                name: _extent(reading, self.claim.subject)
                | {
                    "verdict": reading.verdict,
                    "newest_verdict": reading.newest_verdict,
                    **_words(reading.row),
                }
                for name, reading in self.readings.items()
            },
            "sensitivity": [list(item) for item in self.sensitivity],
            "measured": rows.astype(object).where(rows.notna(), None).to_dict("records"),
        } | self._in_words()

    def _in_words(self) -> dict:
        """Title, short title, what was said and what was found, in every language."""
        from factcheck import blocks  # it shows findings

        told = {"title": {}, "short": {}, "said": {}, "found": {}}
        for say in map(Language, languages()):
            key = f"short.{self.claim.name}"
            told["title"][say.code] = say.of(self.claim, "title")
            told["short"][say.code] = (
                say.label(key) if say.has(key) else say.of(self.claim, "title")
            )
            told["said"][say.code] = say.format(self.claim, "said")
            told["found"][say.code] = blocks.found_text(say, self)
        return told


def _extent(reading: Reading, subject: str) -> dict:
    """Ends of what a reading measured, or how many cases it found, and how many speak against the claim."""
    if reading.row.measure in ("always", "never"):
        return {"cases": len(reading.rows), "against": against(reading, subject)}
    if reading.is_order or reading.rows.empty:
        return {"cases": len(reading.rows)}
    return {"low": reading.low, "high": reading.high}


def _words(row: pd.Series) -> dict:
    return {"is_primary": bool(row.is_primary), "measure": row.measure} | {
        f"label_{code}": row[f"label_{code}"] for code in languages() if f"label_{code}" in row
    }


def conclude(claim: pd.Series, near: pd.DataFrame | None = None, **readings) -> Finding:
    """The finding on a claim: what its readings measured and what the rule makes of it.

    `readings`: values by reading_id of data/readings.csv, with _ for -. `near`: facts or events that come
    nearest to a claim that could not be decided. Displays verdict and values for whoever works in the
    notebook, and leaves the finding in the output for the brief. Raises KeyError for a reading that the claim
    does not have or that is left out.
    """
    rows = data.table("readings", claim_id=claim.name).set_index("reading_id")
    values = _by_id(claim, rows, readings)
    judged = {name: judging.judged(claim, rows.loc[name], values[name]) for name in rows.index}
    primary = next((reading for reading in judged.values() if reading.row.is_primary), None)
    found = Finding(
        claim=claim,
        readings=judged,
        verdict=primary.verdict if primary else rule.VAGUE,
        newest_verdict=primary.newest_verdict if primary else rule.VAGUE,
        factor=judging.factor(claim, primary),
        sensitivity=judging.sensitivity(claim, primary, judged),
        near=near,
    )
    _show(found)
    return found


def _by_id(claim: pd.Series, rows: pd.DataFrame, readings: dict) -> dict:
    values = {name.replace("_", "-"): value for name, value in readings.items()}
    for name in values:
        if name not in rows.index:
            raise KeyError(
                f"data/readings.csv: {claim.name} has no reading {name}{hint(name, rows.index)}"
            )
    for name in rows.index:
        if name not in values:
            raise KeyError(
                f"conclude(claim, …): reading {name} of {claim.name} has no values; give {name.replace('-', '_')}=…"
            )
    return values


def _show(found: Finding) -> None:
    """For whoever works in the notebook: the verdict, and what was measured; and the finding for the brief."""
    from factcheck import blocks

    texts = {mime(code): blocks.research(Language(code), found) for code in languages()}
    publish(texts, "research", claim=found.claim.name, finding=found.as_json())
