mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::app-terraform-1", bucket = "app-terraform-1", id = "app-terraform-1" }
  }
  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/app-ci-boundary" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/app-ci" }
  }
}

run "workflows_of_one_repository" {
  module {
    source = "./modules/identity"
  }

  variables {
    name             = "app-ci"
    repository       = "example/app"
    environments     = ["cloud"]
    state_bucket_arn = "arn:aws:s3:::app-terraform-1"
  }

  assert {
    condition     = output.subjects == { plan = ["repo:example/app:pull_request", "repo:example/app:ref:refs/heads/main"], apply = ["repo:example/app:environment:cloud"] }
    error_message = "pull requests plan; jobs of the protected environment apply"
  }
  assert {
    condition = alltrue([for document in data.aws_iam_policy_document.trust : alltrue([for condition in document.statement[0].condition :
    condition.test == "StringEquals"])])
    error_message = "a subject is compared as a whole, without wildcards"
  }
  assert {
    condition     = toset([for condition in data.aws_iam_policy_document.trust["apply"].statement[0].condition : condition.variable]) == toset(["token.actions.githubusercontent.com:aud", "token.actions.githubusercontent.com:sub"])
    error_message = "audience and subject are both asked for"
  }
  assert {
    condition     = endswith(aws_iam_role_policy_attachment.plan.policy_arn, "policy/ReadOnlyAccess") && aws_iam_role_policy_attachment.plan.role == "app-ci-plan"
    error_message = "plan reads"
  }
  assert {
    condition = alltrue([for statement in data.aws_iam_policy_document.apply.statement :
    length(setintersection(statement.actions, ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"])) == 0 || one(statement.condition[*].variable) == "iam:PermissionsBoundary"])
    error_message = "apply makes no role without the boundary"
  }
  assert {
    condition     = length([for statement in data.aws_iam_policy_document.apply.statement : statement if statement.effect == "Deny" && statement.sid == "NotItself" && contains(statement.actions, "iam:*")]) == 1
    error_message = "apply does not change itself"
  }
}

run "anybodys_repository" {
  command = plan

  module {
    source = "./modules/identity"
  }

  variables {
    name             = "app-ci"
    repository       = "example/*"
    environments     = ["*"]
    state_bucket_arn = "arn:aws:s3:::app-terraform-1"
  }

  expect_failures = [var.repository, var.environments]
}

run "states_are_closed_and_kept" {
  module {
    source = "./modules/state"
  }

  variables {
    prefix = "app-terraform"
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled" && aws_s3_bucket.this.force_destroy == false
    error_message = "a former state can be had back"
  }
  assert {
    condition     = aws_s3_bucket_public_access_block.this.block_public_acls && aws_s3_bucket_public_access_block.this.block_public_policy && aws_s3_bucket_public_access_block.this.ignore_public_acls && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    error_message = "no state is public"
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms"
    error_message = "states are encrypted"
  }
  assert {
    condition     = one(one(data.aws_iam_policy_document.tls.statement).condition).variable == "aws:SecureTransport" && one(data.aws_iam_policy_document.tls.statement).effect == "Deny"
    error_message = "states travel by TLS"
  }
}

run "an_alarm_that_somebody_hears" {
  module {
    source = "./modules/budget"
  }

  variables {
    name   = "app"
    emails = ["ops@example.org"]
  }

  assert {
    condition     = tonumber(aws_budgets_budget.this.limit_amount) <= 100 && aws_budgets_budget.this.time_unit == "MONTHLY"
    error_message = "less than 100 dollars a month"
  }
  assert {
    condition     = contains([for notification in aws_budgets_budget.this.notification : notification.notification_type], "FORECASTED") && alltrue([for notification in aws_budgets_budget.this.notification : notification.subscriber_email_addresses == toset(["ops@example.org"])])
    error_message = "the alarm comes before the money is gone"
  }
}

run "an_alarm_that_nobody_hears" {
  command = plan

  module {
    source = "./modules/budget"
  }

  variables {
    name   = "app"
    emails = []
    limit  = 500
  }

  expect_failures = [var.emails, var.limit]
}
