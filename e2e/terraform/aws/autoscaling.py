"""Tags of what scales; moto keeps targets without them."""

import json

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse as Response

original_register = Response.register_scalable_target
TAGS: dict[str, dict] = {}


def register_scalable_target(self) -> str:
    answer = original_register(self)
    TAGS.setdefault(json.loads(answer)["ScalableTargetARN"], {}).update(self._get_param("Tags") or {})
    return answer


def list_tags_for_resource(self) -> str:
    return json.dumps({"Tags": TAGS.get(self._get_param("ResourceARN"), {})})


def extend() -> None:
    Response.register_scalable_target = register_scalable_target
    Response.list_tags_for_resource = list_tags_for_resource
