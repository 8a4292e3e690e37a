mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_data "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole", name = "ecsTaskExecutionRole" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/app-execution" }
  }
  mock_resource "aws_ecs_cluster" {
    defaults = { arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/app" }
  }
  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/app:1" }
  }
}

variables {
  name                            = "app"
  vpc_id                          = "vpc-1"
  subnet_ids                      = ["subnet-1", "subnet-2"]
  load_balancer_security_group_id = "sg-balancer"
  target_group_arn                = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/app/1"
  images = {
    api  = "registry/api@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    auth = "registry/auth@sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
  }
}

run "two_replicas_within_the_quota" {
  module {
    source = "./modules/fargate-service"
  }

  assert {
    condition     = length(aws_ecs_service.fixed) == 1 && length(aws_ecs_service.scaled) == 0 && length(aws_appautoscaling_target.this) == 0
    error_message = "with two tasks at most there is nothing to scale with"
  }
  assert {
    condition     = aws_ecs_service.fixed[0].desired_count == 2 && var.max_tasks == 2
    error_message = "two replicas serve, and no more are asked for"
  }
  assert {
    condition     = aws_ecs_service.fixed[0].deployment_maximum_percent == 100 && aws_ecs_service.fixed[0].deployment_minimum_healthy_percent == 50
    error_message = "a deployment replaces one after the other"
  }
  assert {
    condition     = aws_ecs_service.fixed[0].deployment_circuit_breaker[0].enable && aws_ecs_service.fixed[0].deployment_circuit_breaker[0].rollback && aws_ecs_service.fixed[0].wait_for_steady_state
    error_message = "a failing deployment is taken back, and apply says so"
  }
  assert {
    condition     = aws_ecs_service.fixed[0].launch_type == "FARGATE" && aws_ecs_service.fixed[0].network_configuration[0].assign_public_ip == false
    error_message = "tasks run on Fargate, without a public address"
  }
  assert {
    condition     = one(aws_ecs_service.fixed[0].load_balancer).container_name == "api" && one(aws_ecs_service.fixed[0].load_balancer).container_port == 8080
    error_message = "the load balancer calls api"
  }
  assert {
    condition     = aws_vpc_security_group_ingress_rule.balancer.referenced_security_group_id == "sg-balancer" && aws_vpc_security_group_ingress_rule.balancer.from_port == 8080 && aws_vpc_security_group_ingress_rule.balancer.to_port == 8080
    error_message = "the load balancer alone calls the tasks"
  }
}

run "one_task_holds_both_services" {
  module {
    source = "./modules/fargate-service"
  }

  assert {
    condition     = aws_ecs_task_definition.this.network_mode == "awsvpc" && aws_ecs_task_definition.this.requires_compatibilities == toset(["FARGATE"])
    error_message = "the task can run on Fargate"
  }
  assert {
    condition     = { for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : container.name => container.image } == { api = var.images.api, auth = var.images.auth }
    error_message = "api and auth run, by digest"
  }
  assert {
    condition = alltrue([for container in jsondecode(aws_ecs_task_definition.this.container_definitions) :
    container.readonlyRootFilesystem && container.user == "65532:65532" && container.linuxParameters.capabilities.drop == ["ALL"] && container.stopTimeout > 30 && container.healthCheck.retries > 0])
    error_message = "containers are hardened, asked whether they live, and have the time to end"
  }
  assert {
    condition     = [for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : one([for entry in container.environment : entry.value if entry.name == "ADDR"]) if container.name == "auth"] == ["127.0.0.1:5001"]
    error_message = "auth answers inside the task alone"
  }
  assert {
    condition     = { for entry in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment : entry.name => entry.value }.REDIS_URL == "redis://127.0.0.1:1" && { for entry in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment : entry.name => entry.value }.DATABASE_URL == "postgres://none@127.0.0.1:1/none"
    error_message = "without stores no task remembers by itself"
  }
}

run "a_role_that_is_there" {
  module {
    source = "./modules/fargate-service"
  }

  variables {
    execution_role_name = "ecsTaskExecutionRole"
  }

  assert {
    condition     = length(aws_iam_role.execution) == 0 && aws_ecs_task_definition.this.execution_role_arn == "arn:aws:iam::123456789012:role/ecsTaskExecutionRole"
    error_message = "the account's role is used, and none is made"
  }
}

run "spare_tasks" {
  module {
    source = "./modules/fargate-service"
  }

  variables {
    max_tasks = 8
  }

  assert {
    condition     = length(aws_ecs_service.fixed) == 0 && aws_ecs_service.scaled[0].deployment_minimum_healthy_percent == 100 && aws_ecs_service.scaled[0].deployment_maximum_percent == 200
    error_message = "new tasks start before old ones stop"
  }
  assert {
    condition     = aws_appautoscaling_target.this[0].min_capacity == 2 && aws_appautoscaling_target.this[0].max_capacity == 4
    error_message = "scaled out, a deployment still fits into the quota"
  }
  assert {
    condition     = aws_ecs_service.scaled[0].deployment_circuit_breaker[0].rollback && aws_ecs_service.scaled[0].desired_count == 2
    error_message = "a failing deployment is taken back"
  }
}

run "too_few_to_be_spare" {
  module {
    source = "./modules/fargate-service"
  }

  variables {
    max_tasks = 3
  }

  assert {
    condition     = length(aws_ecs_service.fixed) == 1
    error_message = "three are no spare for twice two"
  }
}

run "with_stores" {
  module {
    source = "./modules/fargate-service"
  }

  variables {
    secrets                 = true
    database_url_secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:app/database-url-abcdef"
    redis_url               = "rediss://redis.example.org:6379"
  }

  assert {
    condition     = [for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : container.name] == ["api", "auth", "migrate"]
    error_message = "the schema is brought up to date first"
  }
  assert {
    condition     = alltrue([for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : container.secrets == [{ name = "DATABASE_URL", valueFrom = var.database_url_secret_arn }]])
    error_message = "the address of the database is a secret"
  }
  assert {
    condition     = alltrue([for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : contains(container.dependsOn, { containerName = "migrate", condition = "SUCCESS" }) if container.name != "migrate"])
    error_message = "services wait for the schema"
  }
  assert {
    condition     = alltrue([for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : !contains([for entry in try(container.environment, []) : entry.name], "DATABASE_URL")])
    error_message = "the address of the database stands in no plain variable"
  }
}

run "no_such_pair" {
  command = plan

  module {
    source = "./modules/fargate-service"
  }

  variables {
    cpu    = 300
    memory = 512
  }

  expect_failures = [var.memory]
}

run "too_little_memory_for_a_core" {
  command = plan

  module {
    source = "./modules/fargate-service"
  }

  variables {
    cpu    = 1024
    memory = 1024
  }

  expect_failures = [var.memory]
}

run "a_tag_is_no_pin" {
  command = plan

  module {
    source = "./modules/fargate-service"
  }

  variables {
    images = { api = "registry/api:0.1.0", auth = "registry/auth:0.1.0" }
  }

  expect_failures = [var.images]
}

run "more_replicas_than_tasks" {
  command = plan

  module {
    source = "./modules/fargate-service"
  }

  variables {
    replicas = 3
  }

  expect_failures = [var.max_tasks]
}

run "half_a_store" {
  command = plan

  module {
    source = "./modules/fargate-service"
  }

  variables {
    redis_url = "rediss://redis.example.org:6379"
  }

  expect_failures = [var.redis_url]
}
