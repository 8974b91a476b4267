"""The palette survives colour blindness and print, and a figure stands outside its page."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from truceline.publish.draw.marks import party_mark, state_mark
from truceline.publish.draw.style import (
    PALETTE,
    PARTY_GLYPHS,
    STATE_GLYPHS,
    UNATTRIBUTABLE_GLYPH,
    rules,
    standalone,
)
from truceline.publish.draw.svg import Sheet, rect

#: Severity 1 of Machado, Oliveira and Fernandes (2009), on linear light.
BLINDNESS = {
    "none": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def linear(colour: str) -> np.ndarray:
    part = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
              [0.0193339, 0.1191920, 0.9503041]]  # fmt: skip
    t = (np.array(to_xyz) @ np.clip(light, 0, 1)) / [0.95047, 1.0, 1.08883]
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t * 841 / 108 + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", BLINDNESS)
@pytest.mark.parametrize("theme", [0, 1])
def test_the_two_party_hues_are_told_apart_by_every_eye(sight, theme):
    one, two = (
        lab(np.array(BLINDNESS[sight]) @ linear(PALETTE[f"party-{n}"][theme])) for n in (0, 1)
    )
    assert np.linalg.norm(one - two) > 30


def test_one_party_is_dark_and_one_light_in_print():
    one, two = (lab(linear(PALETTE[f"party-{n}"][0]))[0] for n in (0, 1))
    assert abs(one - two) > 15


def test_no_two_marks_are_alike():
    marks = [party_mark(0, 0, position) for position in (0, 1, 2, 3, None)]
    shapes = [mark.split("class")[0] for mark in marks]
    assert len(set(shapes)) == 5
    glyphs = [*PARTY_GLYPHS, UNATTRIBUTABLE_GLYPH, *STATE_GLYPHS.values()]
    assert len(set(glyphs)) == len(glyphs)
    states = [state_mark(0, 0, state, "url(#h)") for state in STATE_GLYPHS]
    assert len(set(states)) == len(states)


def test_a_figure_outside_its_page_brings_its_colours():
    svg = standalone(Sheet("a", 10, 10, "T <1>", "D & d").wrap([rect(0, 0, 5, 5, "ink")]))
    root = ET.fromstring(svg)
    assert "var(" not in svg
    assert root[0].tag.endswith("style")
    assert {e.text for e in root.iter() if e.tag.endswith(("title", "desc"))} == {"T <1>", "D & d"}


def test_every_colour_in_the_rules_is_in_the_palette():
    names = {part.split(")")[0] for part in rules().split("var(--")[1:]}
    assert names <= PALETTE.keys()


def test_nothing_is_called_by_the_colours_of_a_lamp():
    assert not {"green", "red", "amber", "yellow"} & PALETTE.keys()
    assert all(
        a != b for a, b in itertools.combinations(PALETTE["party-0"] + PALETTE["party-1"], 2)
    )
