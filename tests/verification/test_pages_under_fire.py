"""Every operation of the pages' OpenAPI document under generated requests (schemathesis): never an error of ours."""

from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from baiterek.campaign.commission.members import SEEDER, seed
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.log.database import create
from baiterek.web import Settings, application
from baiterek.web.visit import form_token
from record_cases import MEMBER, ground_object

COOKIES = {"baiterek": "a-secret-of-this-test", "acting": "member:KZ"}


FIRE = settings(
    max_examples=20, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def served(folder):
    database = create(str(folder / "record.sqlite"))
    with database.writing(SEEDER) as change:
        seed(change)
    with database.writing(MEMBER) as change:
        change.create(ground_object())
        change.create(Evidence("piece", "0" * 64, "file", "a.txt", 1, "ground_object", "42-01"))
    return application(database, Settings(hosts=()))


@pytest.mark.usefixtures("cheap_hashes")
def test_no_request_makes_an_error_of_ours(tmp_path):
    schema = schemathesis.openapi.from_asgi("/openapi.json", served(tmp_path))
    statuses = Counter()

    for found in schema.get_all_operations():
        operation = found.ok()

        @FIRE
        @given(case=operation.as_strategy())
        def fire(case):
            if isinstance(case.body, dict):
                case.body["visit"] = form_token(COOKIES["baiterek"])
            answer = case.call(cookies=COOKIES)
            statuses[case.operation.label, answer.status_code] += 1
            assert answer.status_code < 500, (case.operation.label, answer.text)

        fire()
    operations = {label for label, _ in statuses}
    assert len(operations) == sum(1 for _ in schema.get_all_operations())
    # It gets through: pages are answered, and forms are taken for ours and refused for what they say.
    assert sum(1 for _, status in statuses if status == 200) >= 10, statuses
    assert any(label.startswith("POST") and status in (303, 400, 404, 409) for label, status in statuses), statuses
