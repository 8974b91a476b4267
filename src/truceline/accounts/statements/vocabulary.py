"""The closed vocabularies of the register, as declared data."""

from __future__ import annotations

from typing import Final

#: What a statement does, as a speech act. Sincerity is not coded.
KINDS: Final = (
    "warning",
    "red_line",
    "nuclear_allusion",
    "offer",
    "pledge",
    "position",
    "caveat",
)

#: In what office the speaker speaks. The order runs from nearest to power outwards.
STANDINGS: Final = (
    "head_of_state",
    "head_of_government",
    "minister",
    "security_official",
    "military",
    "deputy_minister",
    "ambassador",
    "spokesperson",
    "legislator",
    "institution",
    "state",
    "other_official",
    "author",
    "unresolved",
)

#: How exactly a date is known.
DATE_PRECISIONS: Final = ("day", "month", "year", "undated")

#: Whether the statement names a condition, from a plain "if" to none at all.
CONDITIONALITIES: Final = ("conditional", "situational", "implicit", "unconditional")

#: How plainly the threat or promise is spoken.
STRENGTHS: Final = ("explicit", "implicit", "veiled")

#: What a coder found of the condition. `met_inferred`: the event is documented, that it
#: is *the* condition is an inference. `contested`: whether it happened is in dispute.
CONDITION_STATES: Final = ("unconditional", "not_met", "met", "met_inferred", "contested")

#: What a coder found of the consequence, once the condition was met.
RESPONSES: Final = ("none_seen", "partial", "full", "contested")

#: What came of a statement. Only the first three are *tested*.
OUTCOMES: Final = (
    "carried_out",
    "partly",
    "not_carried_out",
    "untested",
    "withdrawn",
    "contested",
    "pending",
)

#: The outcomes that a share may be computed over.
TESTED: Final = ("carried_out", "partly", "not_carried_out")

#: What can be entered in the register.
ACTIONS: Final = ("add", "amend", "code", "adjudicate", "retract")

#: What a nation says it would do in a force, in closed terms.
STANCES: Final = ("troops", "open", "support", "no_troops", "opposed", "other")
