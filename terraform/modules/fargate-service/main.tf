data "aws_region" "current" {}

locals {
  port      = 8080
  auth_port = 5001
  # Twice the tasks run while a deployment brings new ones up, also when scaled out.
  spare       = var.max_tasks >= 2 * var.replicas
  most        = floor(var.max_tasks / 2)
  role_arn    = var.execution_role_name == null ? aws_iam_role.execution[0].arn : data.aws_iam_role.execution[0].arn
  role_name   = var.execution_role_name == null ? aws_iam_role.execution[0].name : data.aws_iam_role.execution[0].name
  nowhere     = "127.0.0.1:1"
  environment = { LOG_FORMAT = "json", DRAIN_DELAY = "5s", SHUTDOWN_TIMEOUT = "25s" }

  # Without stores of its own each task would remember other things than its neighbour:
  # an address at which nothing answers makes these routes say 503 instead.
  database = var.secrets ? {} : { DATABASE_URL = "postgres://none@${local.nowhere}/none", STORE_TIMEOUT = "250ms" }
  redis    = { REDIS_URL = var.secrets ? var.redis_url : "redis://${local.nowhere}" }

  hardened = merge({
    user                   = "65532:65532"
    readonlyRootFilesystem = true
    linuxParameters        = { capabilities = { drop = ["ALL"] } }
    }, var.secrets ? {
    secrets = [{ name = "DATABASE_URL", valueFrom = var.database_url_secret_arn }]
  } : {})

  containers = concat(
    [
      merge(local.hardened, {
        name         = "api"
        image        = var.images.api
        essential    = true
        command      = ["serve"]
        portMappings = [{ containerPort = local.port, hostPort = local.port, protocol = "tcp" }]
        environment = [for name, value in merge(local.environment, local.database, local.redis, {
          ADDR                 = "0.0.0.0:${local.port}"
          AUTH_URL             = "http://127.0.0.1:${local.auth_port}"
          TRUSTED_PROXIES      = "1"
          WRITE_TOKEN_REQUIRED = "true"
        }) : { name = name, value = value }]
        healthCheck      = { command = ["CMD", "/api", "healthcheck"], interval = 10, timeout = 5, retries = 3, startPeriod = 10 }
        stopTimeout      = 45
        dependsOn        = concat([{ containerName = "auth", condition = "HEALTHY" }], local.migrated)
        logConfiguration = local.logs["api"]
      }),
      merge(local.hardened, {
        name      = "auth"
        image     = var.images.auth
        essential = true
        command   = ["serve"]
        environment = [for name, value in merge(local.environment, local.database, {
          ADDR = "127.0.0.1:${local.auth_port}"
        }) : { name = name, value = value }]
        healthCheck      = { command = ["CMD", "/auth", "healthcheck"], interval = 10, timeout = 5, retries = 3, startPeriod = 10 }
        stopTimeout      = 45
        dependsOn        = local.migrated
        logConfiguration = local.logs["auth"]
      }),
    ],
    # Several tasks may do this at once; only the first finds work.
    var.secrets ? [
      merge(local.hardened, {
        name             = "migrate"
        image            = var.images.api
        essential        = false
        command          = ["migrate"]
        logConfiguration = local.logs["migrate"]
      }),
    ] : [],
  )

  migrated = var.secrets ? [{ containerName = "migrate", condition = "SUCCESS" }] : []
  logs = { for container in ["api", "auth", "migrate"] : container => {
    logDriver = "awslogs"
    options = {
      awslogs-group         = aws_cloudwatch_log_group.this.name
      awslogs-region        = data.aws_region.current.id
      awslogs-stream-prefix = container
    }
  } }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${var.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_ecs_cluster" "this" {
  name = var.name
}

resource "aws_security_group" "tasks" {
  name        = "${var.name}-tasks"
  description = "Tasks of the service"
  vpc_id      = var.vpc_id
  tags        = { Name = "${var.name}-tasks" }
}

resource "aws_vpc_security_group_ingress_rule" "balancer" {
  security_group_id            = aws_security_group.tasks.id
  referenced_security_group_id = var.load_balancer_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

# Image layers, logs, secrets and the stores; routes and the stores' own groups say how far it goes.
resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id = aws_security_group.tasks.id
  description       = "Registry, logs and stores"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = local.role_arn
  container_definitions    = jsonencode(local.containers)

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.architecture
  }

  # The former revision is there to go back to until the new one serves.
  lifecycle {
    create_before_destroy = true
  }
}

# Without spare tasks: the number is Terraform's alone.
resource "aws_ecs_service" "fixed" {
  count = local.spare ? 0 : 1

  name                               = var.name
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.this.arn
  launch_type                        = "FARGATE"
  desired_count                      = var.replicas
  deployment_minimum_healthy_percent = 50
  deployment_maximum_percent         = 100
  health_check_grace_period_seconds  = 30
  availability_zone_rebalancing      = "DISABLED" # it would need a spare task
  propagate_tags                     = "SERVICE"
  enable_ecs_managed_tags            = true
  wait_for_steady_state              = true

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = var.target_group_arn
    container_name   = "api"
    container_port   = local.port
  }

  depends_on = [aws_iam_role_policy_attachment.execution, aws_iam_role_policy.secrets]
}

# With spare tasks: the number is the autoscaler's. `ignore_changes` cannot depend on a variable, hence two resources;
# their names differ so that one serves until the other does.
resource "aws_ecs_service" "scaled" {
  count = local.spare ? 1 : 0

  name                               = "${var.name}-scaled"
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.this.arn
  launch_type                        = "FARGATE"
  desired_count                      = var.replicas
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 30
  availability_zone_rebalancing      = "ENABLED"
  propagate_tags                     = "SERVICE"
  enable_ecs_managed_tags            = true
  wait_for_steady_state              = true

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = var.target_group_arn
    container_name   = "api"
    container_port   = local.port
  }

  lifecycle {
    ignore_changes = [desired_count]
  }

  depends_on = [aws_iam_role_policy_attachment.execution, aws_iam_role_policy.secrets]
}
