"""The room's tables, the same in SQLite and in PostgreSQL."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, MetaData, Table, Text

from truceline.core.store.append_only import keep_append_only

TABLES = MetaData()


def _moment(name: str) -> Column[int]:
    """Return a column of a time, UTC microseconds."""
    return Column(name, BigInteger, nullable=False)


ACCOUNT = Table(
    "account",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("party", Text),
    Column("hand", Text, nullable=False, unique=True),
    Column("password", Text, nullable=False),
    Column("totp", Text),
    Column("totp_step", BigInteger, nullable=False, default=0),
    Column("is_open", Boolean, nullable=False, default=True),
)

SESSION = Table(
    "session",
    TABLES,
    Column("token", LargeBinary, primary_key=True),
    Column("account", Text, nullable=False),
    Column("csrf", Text, nullable=False),
    _moment("until"),
)

# A sign-on that was begun in a browser and is not finished: of what the browser holds, hashes.
SIGN_ON = Table(
    "sign_on",
    TABLES,
    Column("state", LargeBinary, primary_key=True),
    Column("browser", LargeBinary, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    _moment("until"),
)

IDENTITY = Table(
    "identity",
    TABLES,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("account", Text, nullable=False, index=True),
    Column("by_claim", Boolean, nullable=False),
    _moment("at"),
)

# `number` is the number of the entry of the record that was written with the row.
REVIEW = Table(
    "review",
    TABLES,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("incident", Text, nullable=False, index=True),
    Column("decision", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("hand", Text, nullable=False),
    Column("party", Text),
    Column("other", Text),
    Column("apart", Text, nullable=False),
    _moment("at"),
)

PUT = Table(
    "put",
    TABLES,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("incident", Text, nullable=False, index=True),
    Column("party", Text, nullable=False),
    _moment("at"),
    _moment("until"),
)

CLAIM = Table(
    "claim",
    TABLES,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("party", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("body", Text, nullable=False),
    _moment("at"),
)

REPLY = Table(
    "reply",
    TABLES,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("incident", Text, nullable=False, index=True),
    Column("party", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("words", Text, nullable=False),
    _moment("at"),
)

REPORT = Table(
    "report",
    TABLES,
    Column("key", Text, primary_key=True),
    Column("number", BigInteger, nullable=False, index=True),
    Column("form", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    _moment("at"),
)

PUBLICATION = Table(
    "publication",
    TABLES,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("account", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("corrects", BigInteger),
    _moment("until"),
    _moment("at"),
)

# `issue` is the time it bears, and `members` the observations that its incident had then.
SPOT = Table(
    "spot",
    TABLES,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("incident", Text, nullable=False, unique=True),
    Column("members", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("issue", BigInteger, nullable=False, unique=True),
    _moment("at"),
)

READING = Table(
    "protected_reading",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("account", Text, nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("item", Text, index=True),
    Column("level", Text, nullable=False),
    Column("address", Text, nullable=False),
    _moment("at"),
)
keep_append_only(READING)

# `issue` is the time of a publication or a spot report; `at` is when it was sent, or is to be tried
# again.
ALERT = Table(
    "alert",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("issue", BigInteger, nullable=False, index=True),
    Column("target", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("why", Text, nullable=False),
    _moment("at"),
)

# `adopted` is the number of the record's entry that says so; null while it is a draft.
DRAFT = Table(
    "draft",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("version", Text, nullable=False, unique=True),
    Column("account", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("adopted", BigInteger),
    _moment("at"),
)
