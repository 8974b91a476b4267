"""Reading agreements: what is wrong is a sentence with its place, whatever comes in."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from truceline.agreement.documents import FaultsError, line_of, parse_document
from truceline.agreement.examples import example_names, example_path
from truceline.agreement.reading import json_schema, load_agreement
from truceline.agreement.terms import Agreement
from truceline.core.types.errors import TermsError, TrucelineError

PUBLISHED = Path(__file__).parents[2] / "docs" / "reference" / "agreement.schema.json"


def parsed(text):
    return parse_document(text, "a.yaml", Agreement)


def test_the_published_schema_is_the_one_of_the_models():
    assert json.loads(PUBLISHED.read_text("utf-8")) == json_schema()


@pytest.mark.parametrize("name", example_names())
def test_examples_satisfy_the_published_schema(name):
    schema = json.loads(PUBLISHED.read_text("utf-8"))
    document = yaml.load(example_path(name).read_text("utf-8"), Loader=yaml.BaseLoader)
    jsonschema.Draft202012Validator.check_schema(schema)
    typed = json.loads(load_agreement(example_path(name)).agreement.model_dump_json())
    jsonschema.validate(typed, schema)
    assert typed["id"] == document["id"]


def test_the_schema_refuses_a_key_that_is_none(terms):
    with pytest.raises(jsonschema.ValidationError, match="colour"):
        jsonschema.validate({**terms, "colour": "red"}, json_schema())


def test_a_term_keeps_its_line(terms, written):
    path = written(terms)
    where = load_agreement(path).where("zones", 0, "width_m")
    assert path.read_text().splitlines()[where.row - 1].strip() == "width_m: 30000"
    assert line_of({("a",): 3}, ("a", "b", 0)) == 3


def test_a_key_given_twice_is_refused_with_its_line():
    with pytest.raises(TermsError, match="'id' stands twice") as caught:
        parsed("id: a\ntitle: b\nid: c\n")
    assert caught.value.where.row == 3


def test_aliases_that_multiply_are_refused_in_time():
    layers = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    layers += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    with pytest.raises(TermsError, match="too many entries; are aliases repeated"):
        parsed("\n".join(layers))


def test_an_alias_of_itself_is_refused():
    with pytest.raises(TermsError, match="nested too deeply"):
        parsed("a: &a [*a]")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the document is empty"),
        ("[" * 3000, "cannot be read|is not YAML"),
        ("a: [1", "is not YAML"),
        ("? [a, b]\n: 1", "a key is not text"),
        ("!!python/object/apply:os.system [ls]", "is not YAML|Input should be"),
        ("a: !!bool maybe", "cannot be read"),
        ("a: !!int many", "cannot be read"),
        ("just words", "Input should be"),
        ("id: 2025-01-01T00:00:00", "Field required"),
    ],
)
def test_what_is_no_agreement_is_said_to_be_none(text, words):
    with pytest.raises(TermsError, match=words):
        parsed(text)


def test_all_faults_are_said_at_once_each_with_its_line(terms, written):
    terms["zones"][0]["width_is"] = "roughly"
    terms["clauses"][0]["phenomena"] = ["thunder"]
    terms["ladder"][0]["after_hours"] = -1
    with pytest.raises(FaultsError) as caught:
        load_agreement(written(terms))
    told = {fault.where.field: fault for fault in caught.value.faults}
    assert set(told) == {"zones.0.width_is", "clauses.0.phenomena.0", "ladder.0.after_hours"}
    assert "'thunder' is no phenomenon" in told["clauses.0.phenomena.0"].message
    assert all(fault.where.row for fault in told.values())


@pytest.mark.parametrize(
    ("group", "key", "value"),
    [
        ("zones", "line", "far"),
        ("zones", "side", "west"),
        ("zones", "line_of", {"east": "line"}),
        ("clauses", "zone", "far"),
        ("clauses", "parties", ["east"]),
        ("ceilings", "zone", "far"),
        ("ceilings", "party", "east"),
        ("exemptions", "clauses", ["far"]),
        ("duties", "parties", ["east"]),
    ],
)
def test_a_name_of_nothing_is_refused(terms, written, group, key, value):
    terms[group][0][key] = value
    with pytest.raises(TermsError, match="is not declared; known are"):
        load_agreement(written(terms))


@pytest.mark.parametrize("group", ["parties", "lines", "zones", "clauses", "exemptions", "duties"])
def test_a_name_given_twice_is_refused(terms, written, group):
    terms[group].append(dict(terms[group][0]))
    with pytest.raises(TermsError, match=f"given twice in {group}"):
        load_agreement(written(terms))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"id: \xe9"])
def test_a_file_in_another_encoding_is_said_to_be_unreadable(tmp_path, content):
    path = tmp_path / "agreement.yaml"
    path.write_bytes(content)
    with pytest.raises(TermsError, match=r"cannot be read|is not YAML"):
        load_agreement(path)


def test_a_file_longer_than_any_agreement_is_not_read(tmp_path):
    path = tmp_path / "agreement.yaml"
    path.write_text("#" * 2_000_001)
    with pytest.raises(TermsError, match="2000001 bytes; 2000000 is the most"):
        load_agreement(path)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(TermsError, match="cannot be read"):
        load_agreement(tmp_path)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!?|>'\"#\n\t 0.%@`,é", max_size=80))
def test_no_text_raises_anything_but_our_own(text):
    with pytest.raises(TrucelineError):
        parsed(text)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_no_value_anywhere_raises_anything_but_our_own(terms, written, data):
    key = data.draw(st.sampled_from(sorted(terms)))
    document = dict(terms)
    if isinstance(terms[key], list) and data.draw(st.booleans()):
        inner = data.draw(st.sampled_from(sorted(terms[key][0])))
        document[key] = [{**terms[key][0], inner: data.draw(ANY)}]
    else:
        document[key] = data.draw(ANY)
    path = written(terms)
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    try:
        load_agreement(path)
    except TrucelineError as fault:
        assert str(path) in str(fault)
