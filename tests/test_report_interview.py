"""Facts of the interview of this report: another project does without this file."""

from factcheck import SEEDS
from factcheck.interview import read
from factcheck.numerals import find

INTERVIEW = """
двух | двумя | двустороннего | 70% | 5G | Одним | 25 | 100 тысяч | один | одним | Впервые |
2022 году | во-первых | двусторонний | первую очередь | первую очередь | двусторонних |
двухсторонних | 30 лет | двух | двухсторонних | 10-20 лет | двух | 80-85 раз | 100 раз | 30 лет |
первый | второй | двух | первую очередь | впервые | 2023 году | Первая | C5 + One | 2023 года |
50 миллиардов долларов | 3 миллиарда долларов | 2023 года | 5
"""


def test_numerals_of_the_interview():
    text = read(SEEDS / "000_fb38ba3c254a56fc.txt")
    assert [hit.surface for hit in find(text)] == INTERVIEW.replace("\n", " ").strip().split(" | ")
