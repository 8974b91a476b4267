"""What the signs of origin say: declared data, the same for every party."""

from __future__ import annotations

from typing import Final

#: What is seen where it lands: on the other side's ground, as a rule. An explosion that
#: nobody could tell from a muzzle blast is not among these: a gun is heard best near the gun.
SEEN_WHERE_IT_LANDS: Final = (
    "explosion_airburst",
    "explosion_impact",
    "damage",
    "casualty",
    "fire",
)

#: What is seen where it comes from: on one's own ground, as a rule.
SEEN_WHERE_IT_STARTS: Final = (
    "explosion_outgoing",
    "muzzle_flash",
    "launch",
    "weapon_present",
    "obstruction",
)

#: Greatest reach of each class of weapon, metres, rounded up from public handbooks. Used
#: only to ask whether a party could have reached the place at all.
REACH_M: Final = {
    "small_arms": 2_000.0,
    "heavy_machine_gun": 2_500.0,
    "grenade_launcher": 2_500.0,
    "anti_tank": 6_000.0,
    "mortar": 9_000.0,
    "tank": 10_000.0,
    "artillery_under_100mm": 16_000.0,
    "artillery_100mm": 40_000.0,
    "mlrs": 40_000.0,
    "mlrs_heavy": 120_000.0,
    "tactical_missile": 150_000.0,
    "uav_small": 30_000.0,
}

#: Reach taken for a bearing whose weapon is not known.
UNKNOWN_REACH_M: Final = 20_000.0
