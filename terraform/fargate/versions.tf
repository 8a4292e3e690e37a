terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {
  default_tags {
    tags = { Project = var.project, Stack = "fargate", Owner = var.owner, Expires = var.expires, ManagedBy = "terraform" }
  }
}
