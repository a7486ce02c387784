"""One provider's series as published on one day, as `worldbank` and `downloads` find it."""

from dataclasses import dataclass

from factcheck.stored import BuildError

Values = dict[tuple[str, int], tuple[float, str]]


class RefreshError(BuildError):
    """Why nothing was added, in one line."""


@dataclass
class Edition:
    """`values`: {(country, year): (value in the unit of sources.csv, status)}."""

    provider: str
    indicator: str
    published: str  # 2026-04 or 2026-04-15
    place: dict[str, str]  # columns of sources.csv that say where it was read
    values: Values

    def __str__(self) -> str:
        return f"{self.indicator} by {self.provider}"
