"""The tables that go through the whole system, each declared once.

Times are UTC microseconds, coordinates WGS 84 degrees, lengths metres. A value that is
not known is null.
"""

from __future__ import annotations

import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.core.types.vocabulary import (
    EFFORT_REASONS,
    HANDLINGS,
    INSTRUMENTS,
    PHENOMENA,
    RELIABILITIES,
    TRUCE_STATES,
    WEAPON_CLASSES,
)

PHENOMENON = pl.Enum(PHENOMENA)
INSTRUMENT = pl.Enum(INSTRUMENTS)
WEAPON_CLASS = pl.Enum(WEAPON_CLASSES)
EFFORT_REASON = pl.Enum(EFFORT_REASONS)
RELIABILITY = pl.Enum(RELIABILITIES)
HANDLING = pl.Enum(HANDLINGS)
TRUCE_STATE = pl.Enum(TRUCE_STATES)

_S, _I, _F = pl.String(), pl.Int64(), pl.Float64()

_LON = Column("lon", _F, "Longitude, degrees east.", nullable=True, low=-180, high=180)
_LAT = Column("lat", _F, "Latitude, degrees north.", nullable=True, low=-90, high=90)
_AREA = Column(
    "area", _S, "Administrative area or sector, where only that is known.", nullable=True
)
_START = Column("t_start", _I, "Start of the interval in which it happened, UTC microseconds.")
_END = Column("t_end", _I, "End of that interval, UTC microseconds, not before the start.")

OBSERVATION = Schema(
    "observation",
    (
        Column(
            "obs_id", _S, "128-bit hash (32 hex digits) of the canonical raw row and its source."
        ),
        Column("source", _S, "Name of the source that read it."),
        Column("instrument", INSTRUMENT, "How it was seen."),
        Column("witness", _S, "Who or what first saw it: a sensor, a document, an agency."),
        _START,
        _END,
        Column("received_at", _I, "When it could first have been known, UTC microseconds."),
        _LON,
        _LAT,
        Column(
            "sigma_m", _F, "Error of the place, one sigma, circular, metres.", nullable=True, low=0
        ),
        _AREA,
        Column("phenomenon", PHENOMENON, "What was seen."),
        Column("count", _F, "How many; 0 is a report of none.", nullable=True, low=0),
        Column("count_low", _F, "Lower bound of the count.", nullable=True, low=0),
        Column("count_high", _F, "Upper bound of the count.", nullable=True, low=0),
        Column("weapon_class", WEAPON_CLASS, "Class of weapon.", nullable=True),
        Column(
            "bearing_deg",
            _F,
            "Direction to the origin of fire, degrees from north.",
            nullable=True,
            low=0,
            high=360,
        ),
        Column("bearing_sigma_deg", _F, "Error of the bearing, one sigma.", nullable=True, low=0),
        Column("party_claimed", _S, "Party that the reporter names as responsible.", nullable=True),
        Column(
            "reliability", RELIABILITY, "Reliability of the source, STANAG 2511 A-F.", nullable=True
        ),
        Column(
            "credibility",
            pl.UInt8(),
            "Credibility of the information, STANAG 2511 1-6.",
            nullable=True,
            low=1,
            high=6,
        ),
        Column("handling", HANDLING, "Traffic Light Protocol 2.0."),
        Column("attributes", _S, "What else the row says, as a JSON object.", nullable=True),
        Column("raw_file", _S, "SHA-256 of the raw file."),
        Column("raw_row", _I, "Row in the raw file, counted from 1 without the header.", low=0),
    ),
)

EFFORT = Schema(
    "effort",
    (
        Column("source", _S, "Name of the source whose effort this is."),
        Column("instrument", INSTRUMENT, "How it watches."),
        Column(
            "cell", _S, "H3 cell, hex; null where an area or everywhere is meant.", nullable=True
        ),
        _AREA,
        _START,
        _END,
        Column("phenomenon", PHENOMENON, "What it could have seen."),
        Column("p_detect", _F, "Probability that it would have been seen.", low=0, high=1),
        Column("reason", EFFORT_REASON, "Why it is what it is."),
    ),
)

REJECT = Schema(
    "reject",
    (
        Column("file", _S, "The file as the user named it."),
        Column("raw_row", _I, "Row counted from 1 without the header; 0 is the whole file.", low=0),
        Column("field", _S, "Column at fault.", nullable=True),
        Column("problem", _S, "One sentence: what is wrong."),
        Column("remedy", _S, "One sentence: what to do."),
        Column("raw", _S, "The row as it was read.", nullable=True),
    ),
)

INCIDENT = Schema(
    "incident",
    (
        Column("incident_id", _S, "Identity, taken from the earliest member."),
        Column("kind", PHENOMENON, "Leading phenomenon of the members."),
        Column("weapon_class", WEAPON_CLASS, "Leading weapon class of the members.", nullable=True),
        _START,
        _END,
        Column("t_best", _I, "Best single time, UTC microseconds."),
        _LON,
        _LAT,
        Column(
            "err_major_m",
            _F,
            "Half axis of the error ellipse, one sigma, metres.",
            nullable=True,
            low=0,
        ),
        Column("err_minor_m", _F, "The other half axis, metres.", nullable=True, low=0),
        Column(
            "err_azimuth_deg",
            _F,
            "Azimuth of the major axis, degrees from north.",
            nullable=True,
            low=0,
            high=180,
        ),
        _AREA,
        Column("sector", _S, "Sector of the line it belongs to.", nullable=True),
        Column(
            "count",
            _F,
            "How many were counted, the largest of any one witness.",
            nullable=True,
            low=0,
        ),
        Column("count_low", _F, "Lower bound.", nullable=True, low=0),
        Column("count_high", _F, "Upper bound.", nullable=True, low=0),
        Column("n_observations", _I, "Members.", low=1),
        Column("n_witnesses", _I, "Independent witnesses among them.", low=1),
    ),
)

MEMBER = Schema(
    "member",
    (
        Column("incident_id", _S, "The incident."),
        Column("obs_id", _S, "The observation that belongs to it."),
    ),
)

ASSESSMENT = Schema(
    "assessment",
    (
        Column("incident_id", _S, "The incident."),
        Column("prior_bits", _F, "Prior log2 odds that it is hostile."),
        Column("evidence_bits", _F, "Sum of the witnesses' weights, bits."),
        Column("p_hostile", _F, "Probability that it is a hostile act.", low=0, high=1),
        Column("party", _S, "Party named, null where none can be.", nullable=True),
        Column("p_party", _F, "Probability of the party most likely responsible.", low=0, high=1),
        Column(
            "p_violation", _F, "Largest probability of a violation over the clauses.", low=0, high=1
        ),
        Column("clause", _S, "The clause with that probability.", nullable=True),
        Column("listed", _S, "`violation` (meets the definition), `credible`, or `background`."),
        Column("decisive", _S, "What would most change the answer."),
    ),
)

WEIGHT = Schema(
    "weight",
    (
        Column("incident_id", _S, "The incident."),
        Column("source", _S, "Source of the witness, or of the one who saw nothing."),
        Column("witness", _S, "The witness."),
        Column("bits", _F, "Weight of evidence for a hostile act, log2 of the likelihood ratio."),
        Column("why", _S, "What the weight stands on."),
    ),
)

ATTRIBUTION = Schema(
    "attribution",
    (
        Column("incident_id", _S, "The incident."),
        Column("party", _S, "A party, or `unattributable`."),
        Column("p", _F, "Probability.", low=0, high=1),
    ),
)

FINDING = Schema(
    "finding",
    (
        Column("incident_id", _S, "The incident."),
        Column("clause", _S, "The clause."),
        Column("p_hostile", _F, "Factor: hostile act.", low=0, high=1),
        Column("p_zone", _F, "Factor: in the zone, given the error of place.", low=0, high=1),
        Column("p_time", _F, "Factor: in force, given the error of time.", low=0, high=1),
        Column("p_kind", _F, "Factor: of a kind the clause covers.", low=0, high=1),
        Column("p_exempt", _F, "Probability of an exemption.", low=0, high=1),
        Column("p_violation", _F, "The product.", low=0, high=1),
    ),
)

STATE = Schema(
    "truce_state",
    (
        Column("indicator", _S, "What was counted."),
        Column("sector", _S, "Sector, or the whole line."),
        _START,
        _END,
        Column("count", _F, "Counted in the period.", nullable=True, low=0),
        Column("exposure", _F, "Effort in the period, as a share of full effort.", low=0),
        Column("rate", _F, "Rate a day, corrected for effort.", nullable=True, low=0),
        Column("rate_low", _F, "Lower end of its 90 % interval.", nullable=True, low=0),
        Column("rate_high", _F, "Upper end.", nullable=True, low=0),
        Column("rate_before", _F, "Rate a day before the truce.", nullable=True, low=0),
        Column("ratio", _F, "Rate over the rate before.", nullable=True, low=0),
        Column("ratio_low", _F, "Lower end of its 90 % interval.", nullable=True, low=0),
        Column("ratio_high", _F, "Upper end.", nullable=True, low=0),
        Column(
            "p_holding",
            _F,
            "Probability that the ratio is below the agreed share.",
            nullable=True,
            low=0,
            high=1,
        ),
        Column("state", TRUCE_STATE, "holding, eroding, broken or not known."),
        Column("alarm", pl.Boolean(), "A change for the worse passed the stated false-alarm rate."),
        Column("why", _S, "One sentence on what the state rests on."),
    ),
)

ALL = (
    OBSERVATION,
    EFFORT,
    REJECT,
    INCIDENT,
    MEMBER,
    ASSESSMENT,
    WEIGHT,
    ATTRIBUTION,
    FINDING,
    STATE,
)
