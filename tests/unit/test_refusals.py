"""Every refusal of the record has its reason in English, Russian and Kazakh: texts, the words that fill them, what is shown."""

import pickle
import re
from enum import StrEnum

import pytest

import texts
from baiterek.campaign.commission import access, parts
from baiterek.campaign.complex import states as complex
from baiterek.campaign.gates import permits
from baiterek.campaign.gates import states as gates
from baiterek.campaign.gates.states import Tally
from baiterek.campaign.meetings import protocol
from baiterek.campaign.meetings.states import MeetingState
from baiterek.campaign.operations.records import CampaignState, OperationState
from baiterek.campaign.programme import verification
from baiterek.campaign.reason import LOCALE, Reason, because
from baiterek.campaign.remarks import states as nonconformance
from baiterek.campaign.rows.entities import ENTITIES
from baiterek.errors import Refused
from baiterek.reports.language import catalogue
from baiterek.reports.refusals import refusal, told

LANGUAGES = ("ru", "kk")
NAMED = (
    access.Action, complex.State, gates.ConditionState, gates.CriterionState, gates.DecisionState, nonconformance.Disposition,
    nonconformance.RemarkState, nonconformance.Severity, nonconformance.WaiverState, parts.Part, parts.Role,
    permits.PermitState, verification.Compliance, verification.Result, CampaignState, OperationState, MeetingState,
)  # fmt: skip
"""Whose words a reason may name."""
SECTIONS = ("text", "votes", "conditions", "checklist", "rule", "evidence", "waivers", "vehicle", "ground", "zones")
FAULTS = ("missing", "changed")


@pytest.mark.parametrize("name", LANGUAGES)
def test_no_reason_is_missing(name):
    assert len(texts.texts(texts.CAMPAIGN)) > 150
    assert not texts.missing(name, texts.CAMPAIGN), "run: python builders/texts.py, then translate what it prints"


@pytest.mark.parametrize("name", LANGUAGES)
def test_no_word_of_the_record_is_missing(name):
    known, _ = catalogue(name, LOCALE)
    words = {str(member) for kind in NAMED for member in kind} | set(ENTITIES) | {*SECTIONS, *protocol.SECTIONS, *FAULTS}
    assert sorted(words - set(known)) == []


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_translation_has_the_braces_of_its_text_and_no_english(name):
    known, _ = catalogue(name, LOCALE)
    for text, translated in known.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", translated)), text
        left = re.sub(r"\{\w+\}|baiterek audit verify|pip install 'baiterek\[protocol\]'|pyhanko|CMS|yes|no\b", "", translated)
        assert not re.search(r"[A-Za-z]{2,}", left), translated


def test_refusals_are_reasons_and_not_plain_texts():
    # Whatever a rule or a verb of these files says is found by the builder, which sees `because("...")` alone.
    plain = re.compile(r'(?:Refused|Denied|Stale|Absent)\([^()]*(?:\([^()]*\)[^()]*)*, f?"')
    strays = [
        f"{path.name}: {found.group()}"
        for path in sorted(texts.CAMPAIGN.rglob("*.py"))
        for found in plain.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not strays


def test_a_reason_is_its_english_sentence_and_says_others():
    why = because("no quorum in the {part} part: {cast} of {members} voted, {quorum} of them are needed",
                  part=parts.Part.KZ, cast=1, members=3, quorum="1/2")  # fmt: skip
    assert why == "no quorum in the KZ part: 1 of 3 voted, 1/2 of them are needed"
    assert told(why, "ru") == "нет кворума в части РК: голосовали 1 из 3, нужна доля 1/2"
    assert told(why, "kk") == "ҚР бөлігінде кворум жоқ: 3 мүшенің 1 дауыс берді, қажетті үлес 1/2"
    again = pickle.loads(pickle.dumps(why))
    assert isinstance(again, Reason) and again == why and told(again, "ru") == told(why, "ru")
    assert Tally(3, 1, 1).cast == 1 and issubclass(parts.Part, StrEnum)


def test_a_reason_within_a_reason_and_its_subject_are_told_too():
    inner = because("{severity}, {state}", severity="major", state=nonconformance.RemarkState.CLASSIFIED)
    error = Refused("decision D-1", because("{entity} {id}: {why}", entity="remark", id="R-1", why=inner))
    assert str(error) == "decision D-1: remark R-1: major, classified"
    assert refusal(error, "ru") == "решение D-1: замечание R-1: значительное, классифицировано"
    assert refusal(error, "kk") == "шешім D-1: ескерту R-1: елеулі, жіктелген"
    assert refusal(error) == str(error)


def test_a_list_of_states_is_told_word_by_word():
    why = because("from {start} it can become {states}", start="draft", states="voting, withdrawn")
    assert told(why, "ru") == "из состояния «проект» возможны: на голосовании, отозвано"
