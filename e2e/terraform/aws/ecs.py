"""Services of ECS that run what they are asked to at once, and remember how they are to be deployed."""

from moto.ecs.responses import EC2ContainerServiceResponse as Response


def settle(service) -> None:
    """The deployment has ended: as many tasks as asked for, of the revision asked for."""
    service.running_count, service.pending_count = service.desired_count, 0
    for deployment in service.deployments:
        deployment.update(
            taskDefinition=service.task_definition,
            desiredCount=service.desired_count,
            runningCount=service.desired_count,
            pendingCount=0,
            rolloutState="COMPLETED",
            rolloutStateReason=f"ECS deployment {deployment['id']} completed.",
        )


def kept(name: str):
    """create_service and update_service, with what moto drops."""
    original = getattr(Response, name)

    def answer(self):
        result = original(self)
        cluster = (self._get_param("cluster") or "default").split("/")[-1]
        service_name = (self._get_param("serviceName") or self._get_param("service")).split("/")[-1]
        service = self.ecs_backend.services[f"{cluster}:{service_name}"]
        for wire, attribute in FIELDS.items():
            if self._get_param(wire) is not None:
                setattr(service, attribute, self._get_param(wire))
        settle(service)
        return result

    return answer


FIELDS = {
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
    "deploymentConfiguration": "deployment_configuration",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "networkConfiguration": "network_configuration",
}


def extend() -> None:
    for name in ("create_service", "update_service"):
        setattr(Response, name, kept(name))
