mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["a", "b", "c"] }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_data "aws_default_tags" {
    defaults = { tags = {} }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/app" }
  }
  mock_resource "aws_ecr_repository" {
    defaults = { repository_url = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app" }
  }
  mock_resource "aws_launch_template" {
    defaults = { id = "lt-00000000000000001", latest_version = 1 }
  }
}

variables {
  owner         = "ops"
  expires       = "2026-12-31"
  budget_emails = ["ops@example.org"]
  api_clients   = ["203.0.113.7/32"]
}

run "eks" {
  module {
    source = "./eks"
  }

  assert {
    condition     = output.cluster == "app-eks" && timecmp("${output.supported_until}T00:00:00Z", plantimestamp()) > 0
    error_message = "the cluster is in standard support"
  }
  assert {
    condition     = toset(keys(output.registry_urls)) == toset(["api", "auth"])
    error_message = "both services have a repository"
  }
}
