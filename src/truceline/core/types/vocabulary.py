"""The closed vocabularies of the tables, as declared data."""

from __future__ import annotations

from typing import Final

#: What was seen. The first eleven follow the counting rules of the OSCE Special
#: Monitoring Mission to Ukraine; the others go beyond them.
PHENOMENA: Final = (
    "explosion",
    "explosion_airburst",
    "explosion_impact",
    "explosion_outgoing",
    "explosion_undetermined",
    "projectile",
    "muzzle_flash",
    "flare",
    "burst",
    "shot",
    "violation",
    "fire",
    "launch",
    "alert",
    "uav",
    "aircraft",
    "assault",
    "weapon_present",
    "advance",
    "obstruction",
    "damage",
    "casualty",
    "other",
)

#: How it was seen.
INSTRUMENTS: Final = (
    "satellite_thermal",
    "alert",
    "launch_report",
    "news",
    "dataset",
    "patrol",
    "camera",
    "acoustic",
    "seismic",
    "uav",
    "hotline",
    "party_claim",
)

#: Weapon classes in the order of their usual reach; `long_range` holds ballistic and
#: cruise missiles and one-way drones.
WEAPON_CLASSES: Final = (
    "small_arms",
    "heavy_machine_gun",
    "grenade_launcher",
    "anti_tank",
    "mortar",
    "tank",
    "artillery_under_100mm",
    "artillery_100mm",
    "mlrs",
    "mlrs_heavy",
    "tactical_missile",
    "long_range",
    "uav_small",
    "uav_large",
    "aircraft",
    "air_defence",
    "mine",
    "unknown",
)

#: Why a source saw as much, or as little, as it did.
EFFORT_REASONS: Final = (
    "watching",
    "no_pass",
    "cloud",
    "night",
    "range",
    "jamming",
    "denied",
    "down",
    "reports_daily",
    "not_reported",
)

#: Source reliability and information credibility, NATO STANAG 2511.
RELIABILITIES: Final = ("A", "B", "C", "D", "E", "F")

#: Traffic Light Protocol 2.0 (FIRST), from open to closed.
HANDLINGS: Final = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")

#: States of a truce. The order is not a scale: `not known` is an answer of its own.
TRUCE_STATES: Final = ("holding", "eroding", "broken", "not known")

#: The name under which the share of probability that no party can be given is published.
UNATTRIBUTABLE: Final = "unattributable"
