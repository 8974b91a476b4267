"""A case: a folder with an agreement, its geometry, its feeds and its settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from truceline.agreement.documents import FaultsError, read_document
from truceline.agreement.geometry import find_feature, read_features
from truceline.agreement.reading import AgreementFile, load_agreement
from truceline.agreement.terms import Geometry, Period, TermsModel
from truceline.core.space.lines import Sectors, Territory
from truceline.core.types.errors import TermsError, Where
from truceline.core.types.time import zone_of


class ThresholdSettings(TermsModel):
    """Limits by which probabilities become words.

    Attributes
    ----------
    name_party : float
        A party is named from this probability on.
    list_violation : float
        An incident is on the list of violations from this probability of one on.
    list_credible : float
        ... and on the list of what is credible from this probability of a hostile act on.
    watched : float
        A sector and day whose probability of detection is below this was not watched.
    """

    name_party: float = Field(default=0.93, gt=0.5, lt=1)
    list_violation: float = Field(default=0.5, gt=0, lt=1)
    list_credible: float = Field(default=0.5, gt=0, lt=1)
    watched: float = Field(default=0.5, gt=0, lt=1)


class IndicatorSettings(TermsModel):
    """What is counted to tell how the truce is doing.

    Attributes
    ----------
    name : str
        Short name, as published.
    sources : tuple of str
        Names of the sources it is counted from; a mapped table has the name in its settings.
    phenomena, weapon_classes : tuple of str
        Kinds that count; empty is all.
    measure : str
        `count` adds up the counts of the rows, `rows` the rows, `witnesses` the distinct
        witnesses of a period.
    placed : str
        The end of a row that gives it its period, `start` or `end`.
    effort : str
        `declared`: only what the source covers counts, and no row is then a zero. `unknown`: the
        source does not say what it would have seen.
    role : str
        `direct` decides a state; a `proxy` moves with other things too and never does.
    period : str
        `day` or `month`, the grain of its reports.
    is_weekly : bool
        Whether the source has a weekly rhythm.
    has_whole_periods : bool
        Whether reports cover whole periods only.
    other_years : tuple of int
        Years, relative to the truce, of the same season without one.
    beside : tuple of str
        Indicators that must not contradict a silence of this one.
    areas : tuple of str
        Areas whose rows count; empty is all.
    near_line_m : float or None
        Greatest distance to the line of a row that counts, metres.
    """

    name: str
    sources: tuple[str, ...] = Field(min_length=1)
    phenomena: tuple[str, ...] = ()
    weapon_classes: tuple[str, ...] = ()
    measure: Literal["count", "rows", "witnesses"] = "rows"
    placed: Literal["start", "end"] = "start"
    effort: Literal["declared", "unknown"] = "declared"
    role: Literal["direct", "proxy"] = "direct"
    period: Literal["day", "month"] = "day"
    is_weekly: bool = False
    has_whole_periods: bool = True
    other_years: tuple[int, ...] = ()
    beside: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    near_line_m: float | None = None


class StateLimits(TermsModel):
    """Limits by which a truce is called holding, eroding or broken.

    Attributes
    ----------
    holding_share : float
        Share of the rate before, below which it is holding.
    broken_share : float
        Share of the rate before, above which it is broken.
    broken_rate : float or None
        Rate a day above which it is broken whatever was before.
    certainty : float
        Probability that a state must have to be given.
    least_effort : float
        Least share of full effort of a period that is judged.
    false_alarm_periods : float
        Mean number of periods between false alarms.
    """

    holding_share: float = Field(default=0.25, gt=0)
    broken_share: float = Field(default=0.5, gt=0)
    broken_rate: float | None = None
    certainty: float = Field(default=0.9, gt=0.5, lt=1)
    least_effort: float = Field(default=0.5, ge=0, le=1)
    false_alarm_periods: float = Field(default=365.0, gt=0)


class Ground(TermsModel):
    """Who holds which ground: the area of each party, and the error of the line.

    Attributes
    ----------
    areas : dict
        Area by party; a party left out holds what the others do not.
    sigma_m : float
        Error of the line, one sigma, metres.
    """

    areas: dict[str, Geometry]
    sigma_m: float = Field(ge=0)


class Front(TermsModel):
    """A front line that is derived from a published area of control.

    Attributes
    ----------
    control : str
        GeoJSON of the area, beside the case or in the folder of data; its name has the day.
    previous : str or None
        An earlier one, to tell how far the line moved.
    boundary : str or None
        GeoJSON of land; where the area's outline runs along its edge there is no front.
    within : tuple of positions
        Corners of a polygon, longitude and latitude, in which the line of contact lies; what
        is outside it is coast or rear. Empty takes the whole outline.
    held_by : str
        Party that holds the area; the rest is the other's.
    """

    control: str
    previous: str | None = None
    boundary: str | None = None
    within: tuple[tuple[float, float], ...] = ()
    held_by: str


class Publication(TermsModel):
    """When and in which languages bulletins appear.

    Attributes
    ----------
    hour_local : int
        Hour of the case's day at which the bulletin is due.
    cut_off_local : str
        Time of day at which a reporting day ends, such as `19:30`.
    languages : tuple of str
        Of the bulletin: `en`, `uk`, `ru`.
    handling : str
        Highest Traffic Light Protocol mark of what is published.
    exercise : bool
        Whether all of it is an exercise, which every page then says.
    """

    hour_local: int = Field(default=9, ge=0, le=23)
    cut_off_local: str = Field(default="19:30", pattern=r"^\d\d:\d\d$")
    languages: tuple[Literal["en", "uk", "ru"], ...] = ("en",)
    handling: Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"] = "CLEAR"
    exercise: bool = False


class CaseSettings(TermsModel):
    """The content of `case.yaml`.

    Attributes
    ----------
    id : str
        Short name in small letters, digits and hyphens.
    title, summary : str
        What readers are told the case is.
    timezone : str
        IANA name of the local time, whose days are the periods.
    window : Period
        The truce, or the part of it that is judged; its end is the default end of a run.
    before : Period
        The time to compare with.
    background : Period or None
        A time from which to learn what is seen without a violation; null learns none.
    bbox : tuple of float
        West, south, east, north, degrees; of a feed, places outside it are rejected. It cannot
        cross the meridian of 180 degrees.
    line : Geometry or None
        The line of contact: a file in `geometry/`, and the `id` of a feature in it.
    ground : Ground or None
        Who holds which ground; without it the side on which something fell says nothing.
    front : Front or None
        Instead of line and ground: a published area of control they are derived from.
    sectors : str or None
        A file in `geometry/` of polygons, each with a `name`.
    thresholds : ThresholdSettings
        Limits by which probabilities become words.
    state : StateLimits
        Limits by which the truce is called holding, eroding or broken.
    indicators : tuple of IndicatorSettings
        What is counted to tell how the truce is doing; without one no state is given.
    publication : Publication
        When and in which languages bulletins appear.
    disclaimer : str
        Sentence below every map.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    summary: str
    timezone: str
    window: Period
    before: Period
    background: Period | None = None
    bbox: tuple[float, float, float, float]
    line: Geometry | None = None
    ground: Ground | None = None
    front: Front | None = None
    sectors: str | None = None
    thresholds: ThresholdSettings = ThresholdSettings()
    state: StateLimits = StateLimits()
    indicators: tuple[IndicatorSettings, ...] = ()
    publication: Publication = Publication()
    disclaimer: str = (
        "Lines and areas show who was reported to hold what, and say nothing of any claim to it."
    )


class FeedSettings(TermsModel):
    """One feed of a case.

    Attributes
    ----------
    source : str
        Name of the source.
    files : tuple of str
        Glob patterns; relative to the case, or to the folder of data given at the run.
    topic : str or None
        Instead of files: a broker's topic whose messages are lines of the feed, for a watch.
    head : str or None
        The line that stands before all others where a feed has one, such as a table's header.
    settings : dict
        Settings of the source.
    """

    source: str
    files: tuple[str, ...] = ()
    topic: str | None = Field(None, pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]*$")
    head: str | None = None
    settings: dict[str, object] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _files_or_topic(self) -> FeedSettings:
        if (self.topic is None) == (not self.files):
            raise ValueError("a feed has either files or a topic")
        if self.topic is None and self.head is not None:
            raise ValueError("files have their own first line; `head` is for a topic")
        return self

    @property
    def patterns(self) -> tuple[str, ...]:
        """Glob patterns of its files; a topic's are those that a watch received."""
        return self.files if self.topic is None else (f"received/{self.topic}/*/*.lines",)


class SourcesFile(TermsModel):
    """The content of `sources.yaml`."""

    feeds: tuple[FeedSettings, ...] = ()


@dataclass(frozen=True)
class Case:
    """A case, read and checked.

    Attributes
    ----------
    folder : Path
        Where it is.
    settings : CaseSettings
        `case.yaml`.
    terms : AgreementFile
        `agreement.yaml`.
    feeds : tuple of FeedSettings
        `sources.yaml`.
    """

    folder: Path
    settings: CaseSettings
    terms: AgreementFile
    feeds: tuple[FeedSettings, ...]

    @property
    def geometry(self) -> Path:
        """Folder of GeoJSON files."""
        return self.folder / "geometry"

    def territory(self) -> Territory | None:
        """Return who holds which ground, or null where the case does not say."""
        ground = self.settings.ground
        if ground is None:
            return None
        drawn = {party: find_feature(self.geometry, area) for party, area in ground.areas.items()}
        parties = [party.id for party in self.terms.agreement.parties]
        return Territory({party: drawn.get(party) for party in parties}, ground.sigma_m)

    def sectors(self) -> Sectors:
        """Return the named stretches of the line."""
        if self.settings.sectors is None:
            return Sectors({})
        features = read_features(self.geometry / self.settings.sectors)
        return Sectors({str(properties["name"]): shape for properties, shape in features})


def load_case(folder: Path) -> Case:
    """Read a case, and say at once all that is wrong with it."""
    if not (folder / "case.yaml").is_file():
        raise TermsError(
            "this folder holds no case.yaml.",
            where=Where(str(folder)),
            hint="Make a case with `truceline init FOLDER`.",
        )
    settings, _ = read_document(folder / "case.yaml", CaseSettings)
    terms = load_agreement(folder / "agreement.yaml")
    sources = folder / "sources.yaml"
    feeds = read_document(sources, SourcesFile)[0].feeds if sources.is_file() else ()
    faults = list(_contradictions(settings, terms, folder))
    if faults:
        raise FaultsError(faults)
    return Case(folder, settings, terms, feeds)


def _contradictions(settings: CaseSettings, terms: AgreementFile, folder: Path) -> list[TermsError]:
    where = Where(str(folder / "case.yaml"))
    faults = []
    zone_of(settings.timezone)
    west, south, east, north = settings.bbox
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        faults.append(
            TermsError(
                "bbox is not west, south, east, north.",
                where=where,
                hint="Give degrees; a case does not cross the meridian of 180 degrees.",
            )
        )
    start, end = settings.window.micros()
    if end is not None and end <= start:
        faults.append(TermsError("the window ends before it starts.", where=where))
    if settings.before.end is None or settings.before.micros()[0] >= start:
        faults.append(
            TermsError("`before` must have an end and begin before the window.", where=where)
        )
    parties = {party.id for party in terms.agreement.parties}
    holders = set(settings.ground.areas) if settings.ground else set()
    strangers = (holders | ({settings.front.held_by} if settings.front else set())) - parties
    if strangers:
        faults.append(
            TermsError(f"ground is given to {', '.join(sorted(strangers))}, no party.", where=where)
        )
    return faults
