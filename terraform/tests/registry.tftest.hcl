mock_provider "aws" {}

variables {
  prefix   = "app-fargate"
  services = ["api", "auth"]
}

run "releases_stay" {
  module {
    source = "./modules/registry"
  }

  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_tag_mutability == "IMMUTABLE"])
    error_message = "a tag means one image for ever"
  }
  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_scanning_configuration[0].scan_on_push && !repository.force_delete])
    error_message = "images are scanned, and not deleted by the way"
  }
  assert {
    condition = alltrue(flatten([for policy in aws_ecr_lifecycle_policy.this : [
      for rule in jsondecode(policy.policy).rules :
      rule.selection.tagStatus == "untagged" ? rule.selection.countType == "sinceImagePushed" && rule.selection.countNumber >= 90 :
      rule.selection.tagStatus == "tagged" && alltrue([for pattern in rule.selection.tagPatternList : startswith(pattern, "pr-")])
    ]]))
    error_message = "a rule takes only what no environment names"
  }
}

run "too_soon" {
  command = plan

  module {
    source = "./modules/registry"
  }

  variables {
    untagged_days = 89
  }

  expect_failures = [var.untagged_days]
}
