"""The World Bank's figures as they are now, over the network. Nothing but `refresh` imports this.

A busy server and a connection that breaks are tried again with a pause. Everything else is told in one line, and no
figure is taken.
"""

import math
import time
from datetime import date

import pandas as pd
import requests

from factcheck.stored import BuildError, say

API = "https://api.worldbank.org/v2/en"
INDICATORS = {
    "population": "SP.POP.TOTL",
    "gdp-nominal": "NY.GDP.MKTP.CD",
    "gdp-ppp": "NY.GDP.MKTP.PP.CD",
}
REQUEST = 20  # seconds until a sign of life
PAUSES = (3, 10)  # seconds until the next try, if the server names no time itself
LONGEST = 60  # seconds: a server that asks for more is not waited for
PASSING = (429, 500, 502, 503, 504)  # answers that another try may better
STATUS = {"": "actual", "E": "estimate", "F": "projection"}  # the World Bank's obs_status


def ask(wanted: dict[str, set[str]]) -> tuple[str, dict[str, tuple[str, pd.DataFrame]]]:
    """(day, {indicator: (address, values)}) of the series in `wanted`, {indicator: countries}.

    The day is the one that the World Bank itself names as its last update. Values: index (country, year), columns
    value, in the unit of sources.csv, and status. Raises BuildError.
    """
    found, days = {}, set()
    for indicator, countries in wanted.items():
        code = INDICATORS[indicator]
        address = f"{API}/country/{';'.join(sorted(countries))}/indicator/{code}"
        address += "?source=2&format=json"
        try:
            header, rows = _answer(f"{address}&per_page=20000")
            if len(rows) != int(header["total"]):
                announced = f"{header['total']} values of {code} and sent {len(rows)}"
                raise BuildError(f"The World Bank announced {announced}; try again later.")
            days.add(date.fromisoformat(header["lastupdated"]).isoformat())
            found[indicator] = address, _values(rows, code, countries)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BuildError(
                "The World Bank’s answer has not the form that its documentation describes "
                f"({type(error).__name__}: {error})."
            ) from None
    if len(days) != 1:
        raise BuildError(
            f"The World Bank changed its data while it was asked ({' and '.join(sorted(days))}); try "
            "again in some minutes."
        )
    return days.pop(), found


def _answer(address: str) -> tuple[dict, list[dict]]:
    """(header, rows) of an answer; ValueError where it has another form."""
    answer = _tried(address)
    if answer.status_code != 200:
        raise BuildError(f"The World Bank refused: {answer.status_code} {answer.reason}")
    try:
        content = answer.json()
    except ValueError:
        kind = answer.headers.get("Content-Type", "of no type")
        raise BuildError(
            f"The World Bank’s address answered with something other than data ({kind}), perhaps with "
            "a page to log in to this network; open any page in a browser, then try again."
        ) from None
    if content and "message" in content[0]:
        told = " ".join(f"{one['key']}: {one['value']}" for one in content[0]["message"])
        raise BuildError(f"The World Bank refused: {told}")
    header, rows = content
    return header, rows


def _tried(address: str) -> requests.Response:
    """What the server answers, asked again after a pause where something passing went wrong."""
    for pause in (*PAUSES, None):
        when, wait = "later", pause
        try:
            answer = requests.get(address, timeout=REQUEST)
            if answer.status_code not in PASSING:
                return answer
            trouble, asked = (
                f"is busy ({answer.status_code})",
                answer.headers.get("Retry-After", ""),
            )
            if asked.isdecimal():
                when, wait = f"in {asked} seconds", wait and int(asked)
        except requests.Timeout:
            trouble, wait = f"did not answer within {REQUEST} s", None
        except requests.exceptions.ChunkedEncodingError:
            trouble = "broke off its answer"
        except requests.ConnectionError as error:
            trouble = f"cannot be reached ({type(error).__name__}); is this machine online?"
            if "Connection aborted" in str(error):
                trouble = "broke off the connection"
        if wait is None or wait > LONGEST:
            raise BuildError(f"The World Bank {trouble}; try again {when}.")
        say(f"The World Bank {trouble}; trying again in {wait} s.")
        time.sleep(wait)


def _values(rows: list[dict], code: str, countries: set[str]) -> pd.DataFrame:
    """What the API's rows say; years without a value are left out."""
    found, seen = [], set()
    for row in rows:
        country, year, value = row["countryiso3code"], int(row["date"]), row["value"]
        if row["indicator"]["id"] != code or country not in countries or (country, year) in seen:
            raise BuildError(
                f"Asked for {code} of {', '.join(sorted(countries))}, each year once, the World Bank "
                f"sent {row['indicator']['id']} of {country} in {year}."
            )
        seen.add((country, year))
        status = STATUS.get(row.get("obs_status") or "")
        if value is None:
            continue
        if type(value) not in (int, float) or not math.isfinite(value) or value <= 0 or not status:
            raise BuildError(
                f"For {code} of {country} in {year} the World Bank sent {value!r}, status "
                f"“{row.get('obs_status')}”; expected a number, and one of {list(STATUS)}."
            )
        found.append((country, year, round(value), status))
    values = pd.DataFrame(found, columns=["country", "year", "value", "status"])
    return values.set_index(["country", "year"])
