"""Launch templates whose own tags are not mixed with those of what they start, as moto does."""

from moto.ec2.models.launch_templates import LaunchTemplateBackend as Backend

original = Backend.create_launch_template


def create_launch_template(self, name, description, template_data, tag_spec):
    specifications = template_data.get("TagSpecifications", [])
    template_data["TagSpecifications"] = [one for one in specifications if one["ResourceType"] != "launch-template"]
    return original(self, name, description, template_data, tag_spec)


def extend() -> None:
    Backend.create_launch_template = create_launch_template
