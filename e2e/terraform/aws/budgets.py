"""Of budgets what moto does not say: who is told, and the tags."""

import json

from moto.budgets.responses import BudgetsResponse


def describe_subscribers_for_notification(self) -> str:
    budget = self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]
    asked = self._get_param("Notification")
    wanted = {key: asked[key] for key in ("NotificationType", "ComparisonOperator", "Threshold")}
    for one in budget.notifications:
        if wanted.items() <= one.details.items():
            return json.dumps({"Subscribers": one.subscribers})
    return json.dumps({"Subscribers": []})


def create_budget(self) -> str:
    answer = original_create_budget(self)
    TAGS[self._get_param("Budget")["BudgetName"]] = self._get_param("ResourceTags") or []
    return answer


def list_tags_for_resource(self) -> str:
    return json.dumps({"ResourceTags": TAGS.get(self._get_param("ResourceARN").split("/")[-1], [])})


original_create_budget = BudgetsResponse.create_budget
TAGS: dict[str, list] = {}


def extend() -> None:
    BudgetsResponse.create_budget = create_budget
    BudgetsResponse.list_tags_for_resource = list_tags_for_resource
    BudgetsResponse.describe_subscribers_for_notification = describe_subscribers_for_notification
