"""Model cards and datasheets: a schema that names the place of a fault, YAML that comes back, a page to read."""

from __future__ import annotations

import subprocess
import sys
from copy import deepcopy

import pytest
import yaml

from helpers import cards

WORDS = "These words are long enough to say something."
CARD = {
    "model": {
        "name": "flight-delays",
        "version": 3,
        "alias": "champion",
        "run_id": "0123456789abcdef" * 2,
        "registered": "2026-01-31",
    },
    "training": {"settings": {"num_leaves": "15"}, "recorded": {"mean_log_loss": 0.5}},
    "evaluation": {
        "flights": 100,
        "first_day": "2013-09-01",
        "last_day": "2013-12-31",
        "threshold": 0.2,
        "auc": 0.7,
        "log_loss": 0.45,
    },
    "groups": [{"group": "is|land", "flights": 3, "late_share": 0.0, "recall": None, "false_alarm_rate": 1 / 3}],
    "use": {"intended": WORDS, "not_for": WORDS, "limits": WORDS},
    "law": {"ai_act_class": "minimal", "reason": WORDS, "as_of": "2026-07-31"},
    "risk_management": {"govern": WORDS, "map": WORDS, "measure": WORDS, "manage": WORDS},
}


def changed(*path, to):
    card = deepcopy(CARD)
    place = card
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = to
    return card


def test_a_card_that_fits_has_no_problem():
    assert cards.problem(CARD) == ""


@pytest.mark.parametrize(
    ("card", "named"),
    [
        (changed("evaluation", "auc", to=1.2), "model_card.evaluation.auc"),
        (changed("groups", 0, "flights", to=2.5), "model_card.groups[0].flights"),
        (changed("model", "run_id", to="latest"), "model_card.model.run_id"),
        (changed("law", "ai_act_class", to="harmless"), "model_card.law.ai_act_class"),
        (changed("use", "limits", to="none"), "model_card.use.limits"),
        (changed("training", "settings", to={"num_leaves": 15}), "num_leaves"),
        (changed("opinion", to="good"), "opinion"),
        ({name: CARD[name] for name in CARD if name != "law"}, "law"),
        ([CARD], "model_card must be object"),
    ],
)
def test_a_fault_is_named_with_its_place(card, named):
    assert named in cards.problem(card)


def test_what_was_written_comes_back(tmp_path):
    path = cards.write(CARD, tmp_path / "week6" / "card.yaml")
    assert yaml.safe_load(path.read_text()) == CARD


def test_an_invalid_card_is_not_written(tmp_path):
    with pytest.raises(cards.CardError, match=r"model_card\.evaluation\.auc .*helpers/schemas/model_card\.json"):
        cards.write(changed("evaluation", "auc", to=-1), tmp_path / "card.yaml")
    assert list(tmp_path.iterdir()) == []


def test_a_page_has_every_section_and_its_tables_hold_together():
    page = cards.page(CARD, "Model card")
    assert page.startswith("# Model card\n")
    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        "## Model",
        "## Training",
        "## Evaluation",
        "## Groups",
        "## Use",
        "## Law",
        "## Risk management",
    ]
    assert "| is\\|land | 3 | 0 | does not exist | 0.3333 |" in page


def test_an_empty_list_and_an_empty_table_are_said_to_be_empty():
    page = cards.page({"protected": [], "settings": {}}, "Sheet")
    assert page.count("none") == 2


def test_there_are_two_kinds_and_a_third_is_refused():
    for kind in cards.KINDS:
        assert cards.schema(kind)["additionalProperties"] is False
    with pytest.raises(ValueError, match="no card of kind 'invoice'"):
        cards.schema("invoice")


def test_validation_does_not_import_what_takes_seconds():
    code = "from helpers import cards; cards.problem({}); import sys; print('jsonschema' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
