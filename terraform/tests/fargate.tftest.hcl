# Mocks know no ephemeral resources, which the stores have: this is the real provider, which plans without calling AWS.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
}

override_data {
  target = module.network.data.aws_availability_zones.open
  values = { names = ["a", "b", "c"] }
}

variables {
  owner         = "ops"
  expires       = "2026-12-31"
  budget_emails = ["ops@example.org"]
  digests = {
    api  = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    auth = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
  }
}

run "fargate" {
  command = plan

  module {
    source = "./fargate"
  }

  assert {
    condition     = var.port == 80 && module.load_balancer.port == 80
    error_message = "the load balancer answers on port 80"
  }
  assert {
    condition     = var.replicas == 2 && var.max_tasks == 2 && output.service == "app-fargate"
    error_message = "two replicas, and no more tasks than that"
  }
  assert {
    condition     = var.data_store == "none" && length(module.data_stores) == 0
    error_message = "stores cost only where they are asked for"
  }
}

run "fargate_with_an_environment_that_is_not_pinned" {
  command = plan

  module {
    source = "./fargate"
  }

  variables {
    digests = { api = "0.1.0", auth = "0.1.0" }
  }

  expect_failures = [var.digests]
}

run "fargate_without_a_last_day" {
  command = plan

  module {
    source = "./fargate"
  }

  variables {
    expires    = "never"
    data_store = "embedded"
    project    = "A Project"
  }

  expect_failures = [var.expires, var.data_store, var.project]
}
