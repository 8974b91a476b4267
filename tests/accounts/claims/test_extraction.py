"""Claims are read with their span; nothing is made up; what was missed is said."""

import datetime as dt
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.accounts.claims.claim import claims_from_file, claims_to_yaml
from truceline.accounts.claims.extraction import extract
from truceline.accounts.claims.lexicon import read_frame
from truceline.accounts.claims.text import numbers, sentences
from truceline.core.types.errors import InputError

THE_SENTENCE = (
    "In both terms of actual support in U.S. dollars donated for military, financial, and "
    "humanitarian aid and how this relates as a proportion of the gifting nation’s GDP, even "
    "remote Japan or tiny Denmark gives considerably more to Ukraine than France."
)


def one(text):
    claims = extract(text).claims
    assert len(claims) == 1, claims
    return claims[0]


def test_the_coordinated_sentence_is_read_whole():
    claim = one(THE_SENTENCE)
    assert claim.shape == "comparison"
    assert claim.subjects == ("Japan", "Denmark")
    assert claim.reference == "France"
    assert claim.comparator == "more"
    assert claim.thresholds == (1.1, 1.25, 1.5)
    assert claim.units == ("usd", "gdp_share")
    assert claim.measures == ("allocation", "commitment")
    assert claim.aid_type == "all"


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("Germany has given more than the United States since January 2025.", "since January 2025"),
        ("Japan gave more than France in 2024.", "in 2024"),
        ("Last year France gave 2 billion euros to Ukraine.", "Last year"),
        ("Germany was the largest donor in the first half of 2025.", "in the first half of 2025"),
        ("By the end of 2023 Denmark had given twice what France gave.", "By the end of 2023"),
    ],
)
def test_a_sentence_on_a_part_of_the_time_is_not_held_against_all_of_it(text, bound):
    found = extract(text)
    assert found.claims == ()
    assert [missed.text for missed in found.missed if "part of the time" in missed.why] == [bound]


def test_since_the_war_began_is_all_of_the_time():
    claim = one("Japan has given more than France since February 2022.")
    assert (claim.shape, claim.subjects) == ("comparison", ("Japan",))


@pytest.mark.parametrize(
    "text",
    [
        "A force of 30,000 along 1,200 km is 25 soldiers per km.",
        "Along the 1,200 km line some 30,000 troops would stand.",
        "30,000 troops for 1,200 km of line.",
    ],
)
def test_a_length_is_never_taken_for_a_force(text):
    claim = one(text)
    assert (claim.shape, claim.value, claim.thresholds) == ("force_per_km", 30_000, (1_200,))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Japan, Denmark and Norway have given more than France.",
         ("comparison", ("Japan", "Denmark", "Norway"), "more", "France", None)),
        ("France gives less military aid than Germany.",
         ("comparison", ("France",), "less", "Germany", None)),
        ("Danish aid is far more than French aid as a share of GDP.",
         ("comparison", ("Denmark",), "more", "France", None)),
        ("Denmark gives 11 times as much as France as a share of GDP.",
         ("ratio", ("Denmark",), "about", "France", 11.0)),
        ("Denmark gives twice what France gives per head.",
         ("ratio", ("Denmark",), "about", "France", 2.0)),
        ("Germany is the second largest donor to Ukraine.",
         ("rank", ("Germany",), "more", None, 2.0)),
        ("Poland ranks third.", ("rank", ("Poland",), "more", None, 3.0)),
        ("France has allocated about $4.9bn to Ukraine.",
         ("total", ("France",), "about", None, 4.9e9)),
        ("Poland has pledged more than 0.9% of GDP.",
         ("total", ("Poland",), "at_least", None, 0.9)),
        ("Japan's aid fell by 20 per cent.", ("change", ("Japan",), "less", None, 20.0)),
        ("A force of 30,000 troops would watch 1,200 km of line.",
         ("force_per_km", (), "stated", None, 30000.0)),
        ("There were 253 nuclear threats.", ("count", (), "about", None, 253.0)),
        ("A majority of Germans oppose sending troops.",
         ("opinion", ("Germany",), "less", None, None)),
    ],
)  # fmt: skip
def test_every_shape_is_read(text, expected):
    claim = one(text)
    read = (claim.shape, claim.subjects, claim.comparator, claim.reference, claim.value)
    assert read == expected


def test_types_units_and_measures_come_from_the_words():
    assert one("France gives less military aid than Germany.").aid_type == "military"
    assert one("Poland has pledged 0.9% of GDP.").measures == ("commitment",)
    assert one("France has allocated about $4.9bn.").measures == ("allocation",)
    assert one("France gives less than Germany.").units == ("usd", "eur")
    assert one("A force of 30,000 troops on 1,200 km.").thresholds == (1200.0,)


@pytest.mark.parametrize(
    ("text", "total", "parts"),
    [
        ("Kyiv counted 2,935: 96 assaults, 1,882 shellings and 957 drones.",
         2935, (96, 1882, 957)),
        ("96 + 1,882 + 957 = 2,935", 2935, (96, 1882, 957)),
        ("Moscow counted 4,900 breaches: 6 attacks, 1,404 barrages, 3,316 strikes and 90 drones.",
         4900, (6, 1404, 3316, 90)),
    ],
)  # fmt: skip
def test_sums_are_read(text, total, parts):
    claim = one(text)
    assert (claim.shape, claim.value, claim.parts) == ("sum", total, parts)


@pytest.mark.parametrize(
    "text",
    [
        "Turkey gives us more than dinner.",
        "He met Lavrov on 18 February 2025.",
        "We ate turkey in the china shop.",
        "",
    ],
)
def test_what_is_no_claim_is_not_made_one(text):
    assert extract(text).claims == ()


def test_what_looks_checkable_and_was_not_understood_is_listed():
    found = extract("Prices rose 12 % in 2024. Nothing is larger or better than bread, said he.")
    assert found.claims == ()
    assert [(m.text, m.why) for m in found.missed] == [
        ("12 %", "a number that no rule understood"),
        ("larger or better than", "a comparison or count that no rule understood"),
    ]


def test_sentences_survive_abbreviations_and_numbers_skip_dates_and_addresses():
    text = "The U.S. gave $1.5bn. “So it is.” See https://t.co/9a On 18 February 2025 he met 3 men."
    assert [s.text for s in sentences(text)][:2] == ["The U.S. gave $1.5bn.", "“So it is.”"]
    assert [n.value for n in numbers(text)] == [1.5e9, 3.0]
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text


_PHRASES = """30,000|4.9|12 %|1,200 km|U.S.|second largest donor|aid rose by|“|”|Japan|Denmark|
France|Germany|Germans|gives|gave|more|less|than|considerably|twice|times as much|GDP|dollars|
troops|billion|dozens|tens|of|warnings|hollow|largely|plurality|support|aid|—|,|.|:|and|or|=|+"""
_WORDS = st.sampled_from(_PHRASES.replace("\n", "").split("|"))


@settings(max_examples=100)
@given(st.lists(_WORDS, max_size=40))
def test_no_text_breaks_it_and_no_number_is_invented(words):
    text = " ".join(words)
    found = extract(text)
    declared = {float(v) for v in (2, 3, 0.5, 100, 50, 1, 0)} | set(map(float, range(4, 21)))
    for claim in found.claims:
        assert text[claim.start : claim.end] == claim.text
        written = {n.value for n in numbers(text)} | declared
        for value in (claim.value, *claim.parts):
            assert value is None or value in written
    for missed in found.missed:
        assert text[missed.start : missed.end] == missed.text


def test_a_person_can_correct_a_claim(tmp_path):
    claims = extract(THE_SENTENCE, on=dt.date(2025, 2, 20)).claims
    path = tmp_path / "claims.yaml"
    path.write_text(claims_to_yaml(claims))
    assert claims_from_file(path) == claims
    path.write_text(claims_to_yaml(claims).replace("France", "Germany", 1).replace(
        "reference: France", "reference: Germany"))  # fmt: skip
    assert claims_from_file(path)[0].reference == "Germany"
    path.write_text("- {text: x, shape: guess}")
    with pytest.raises(InputError, match="row 1, shape: the claim is not in the form"):
        claims_from_file(path)


@pytest.mark.real_data
def test_the_article_gives_its_six_checkable_places(shared_data):
    path = Path(shared_data).parent / "articles" / "article-2025-02.txt"
    if not path.is_file():
        pytest.skip(f"the article is not at {path}")
    text = path.read_text(encoding="utf-8")
    found = extract(text, on=dt.date(2025, 2, 20))
    assert [claim.shape for claim in found.claims] == [
        "force_per_km", "opinion", "count", "outcome", "force_per_km", "comparison",
    ]  # fmt: skip
    for claim in found.claims:
        assert text[claim.start : claim.end] == claim.text
    assert re.match("tens of dozens", found.claims[2].text)
    assert [m.text for m in found.missed] == ["thousands"]


@pytest.mark.parametrize(
    "hostile",
    [
        "1" + " +,,,,,,,1" * 400,
        "1,.+" * 4000,
        "Japan, " * 3000 + "gives more than France",
        "tens of dozens " + "of such " * 3000,
        "30,000 " + "x " * 20000,
    ],
)
def test_hostile_text_costs_little_time(hostile):
    start = time.process_time()
    extract(hostile)
    assert time.process_time() - start < 5.0


def test_a_frame_of_another_case_is_read_and_a_broken_one_named(tmp_path):
    path = tmp_path / "frame.yaml"
    path.write_text(
        "name: Elsewhere\nconflict_start: 2020-01-01\nline_km: [180]\n"
        "on_the_line: {all: 1}\nbenchmarks: []\n"
    )
    frame = read_frame(path)
    claim = extract("They sent 807 troops.", frame=frame).claims[0]
    assert claim.thresholds == (180.0,)
    assert "Elsewhere" in claim.note
    for broken in ("name: x", "[1]", "name: x\nconflict_start: soon\nline_km: [1]"):
        path.write_text(broken)
        with pytest.raises(InputError, match="the frame is not understood"):
            read_frame(path)
