"""python3 -m aws PORT JOURNAL: serves until it is ended; each answer of EKS is held against AWS's own model of it."""

import sys

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

from . import autoscaling, budgets, ec2, ecs, eks, elasticache
from .model import Checked


def main() -> None:
    port, journal = int(sys.argv[1]), sys.argv[2]
    autoscaling.extend()
    budgets.extend()
    ec2.extend()
    ecs.extend()
    eks.extend()
    elasticache.extend()
    application = Checked(DomainDispatcherApplication(create_backend_app), "eks", journal)
    run_simple("127.0.0.1", port, application, threaded=True)


main()
