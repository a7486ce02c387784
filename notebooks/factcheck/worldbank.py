"""The World Bank's figures as they are now, over the network. Nothing but `refresh` imports this.

A busy server and a connection that breaks are tried again with a pause. Everything else, and what takes
too long, is told in one line, and no figure is taken.
"""

import math
import queue
import threading
import time
from collections.abc import Callable
from datetime import date
from typing import TypeVar

import requests
import wbgapi

from factcheck.editions import Edition, RefreshError, Values
from factcheck.stored import say

Result = TypeVar("Result")
INDICATORS = {
    "population": "SP.POP.TOTL",
    "gdp-nominal": "NY.GDP.MKTP.CD",
    "gdp-ppp": "NY.GDP.MKTP.PP.CD",
}
REQUEST = 20  # seconds until a sign of life
TOTAL = 90  # seconds for all requests together
PAUSES = (3, 10)  # seconds until the next try, if the server names no time itself
PASSING = (429, 500, 502, 503, 504)  # answers that another try may better
STATUS = {"": "actual", "E": "estimate", "F": "projection"}  # the World Bank's obs_status


def ask(wanted: dict[str, set[str]]) -> list[Edition]:
    """Editions of the indicators in `wanted`, {indicator: countries}, all of the same day.

    Published is the day that the World Bank itself names as its last update. Raises RefreshError.
    """
    return _within(TOTAL, lambda: _editions(wanted))


def _within(seconds: float, work: Callable[[], Result]) -> Result:
    """What `work()` returns. The time limit of requests starts anew with each byte; this one does not."""
    done = queue.SimpleQueue()

    def run():
        try:
            done.put((work(), None))
        except BaseException as error:
            done.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        result, error = done.get(timeout=seconds)
    except queue.Empty:
        raise RefreshError(
            f"The World Bank did not finish within {seconds} s; try again later."
        ) from None
    if error:
        raise error
    return result


def _editions(wanted):
    heard, editions, updated, until = [], [], set(), time.monotonic() + TOTAL
    # What wbgapi does not pass on: the time that a busy server asks for, and the day of the last update.
    note = {"response": lambda answer, **_: heard.append(answer)}
    wbgapi.get_options = {"timeout": REQUEST, "hooks": note}
    try:
        for indicator, countries in wanted.items():
            code = INDICATORS[indicator]
            path = f"country/{';'.join(sorted(countries))}/indicator/{code}"
            rows, pages = _rows(path, heard, until)
            if len(rows) != int(pages[0]["total"]):
                announced = f"{pages[0]['total']} values of {code} and sent {len(rows)}"
                raise RefreshError(f"The World Bank announced {announced}; try again later.")
            updated |= {date.fromisoformat(page["lastupdated"]).isoformat() for page in pages}
            address = f"{wbgapi.endpoint}/{wbgapi.lang}/{path}?source=2&format=json"
            place, values = {"address": address}, _values(rows, code, countries)
            editions.append(Edition("world-bank", indicator, "", place, values))
    except (requests.RequestException, wbgapi.APIError, *FORM) as error:
        raise RefreshError(_reason(error, heard)) from None
    if len(updated) != 1:
        days = " and ".join(sorted(updated))
        raise RefreshError(
            f"The World Bank changed its data while it was asked ({days}); try again in some minutes."
        )
    for edition in editions:
        edition.published = min(updated)
    return editions


FORM = (KeyError, TypeError, IndexError, ValueError, AttributeError)  # an answer in another form


def _rows(path, heard, until):
    """(rows, headers) of all pages, asked for again from the first where something passing went wrong."""
    for pause in (*PAUSES, None):
        heard.clear()
        try:
            rows = list(wbgapi.fetch(path, {"source": 2}))
            return rows, [answer.json()[0] for answer in heard]
        except (wbgapi.APIError, requests.RequestException) as error:
            wait = _wait(error, heard, pause)
            if wait is None or time.monotonic() + wait > until:
                raise
            say(f"{_reason(error, heard).split(';')[0].rstrip('.')}; trying again in {wait} s.")
            time.sleep(wait)


def _wait(error, heard, pause):
    """Seconds until another try; None where there is none, or where it would better nothing."""
    broken = requests.ConnectionError, requests.exceptions.ChunkedEncodingError
    if pause is None or not (isinstance(error, broken) or _is_busy(error)):
        return None
    asked = heard[-1].headers.get("Retry-After", "") if heard and _is_busy(error) else ""
    return int(asked) if asked.isdecimal() else pause


def _is_busy(error):
    return getattr(error, "code", None) in PASSING


def _reason(error, heard):
    """What went wrong, in one line."""
    if isinstance(error, requests.Timeout):
        return f"The World Bank did not answer within {REQUEST} s; try again later."
    if isinstance(error, requests.RequestException):
        if heard or "Connection aborted" in str(error):
            return "The World Bank’s answer broke off; try again later."
        name = type(error).__name__
        return (
            f"{wbgapi.endpoint} cannot be reached ({name}); is this machine online? Nothing else in "
            "the project needs it to be."
        )
    if isinstance(error, wbgapi.APIResponseError):
        kind = heard[-1].headers.get("Content-Type", "of no type")
        return (
            f"The World Bank’s address answered with something other than data ({kind}), perhaps with "
            "a page to log in to this network; open any page in a browser, then try again."
        )
    if _is_busy(error):
        asked = heard[-1].headers.get("Retry-After", "")
        when = f"{asked} seconds" if asked.isdecimal() and int(asked) > TOTAL else "some minutes"
        return f"The World Bank is busy ({error.code}); try again in {when}."
    if isinstance(error, wbgapi.APIError):
        code = f" {error.code}" if error.code else ""
        return f"The World Bank refused:{code} {error.msg}"
    return (
        "The World Bank’s answer has not the form that its documentation describes "
        f"({type(error).__name__}: {error})."
    )


def _values(rows: list[dict], code: str, countries: set[str]) -> Values:
    """What the API's rows say; years without a value are left out."""
    values, seen = {}, set()
    for row in rows:
        country, year, value = row["countryiso3code"], int(row["date"]), row["value"]
        if row["indicator"]["id"] != code or country not in countries or (country, year) in seen:
            raise RefreshError(
                f"Asked for {code} of {', '.join(sorted(countries))}, each year once, the World Bank "
                f"sent {row['indicator']['id']} of {country} in {year}."
            )
        seen.add((country, year))
        status = STATUS.get(row.get("obs_status") or "")
        if value is None:
            continue
        if type(value) not in (int, float) or not math.isfinite(value) or value <= 0 or not status:
            raise RefreshError(
                f"For {code} of {country} in {year} the World Bank sent {value!r}, status "
                f"“{row.get('obs_status')}”; expected a number, and one of {list(STATUS)}."
            )
        values[country, year] = round(value), status
    return values
