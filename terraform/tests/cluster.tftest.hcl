mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_data "aws_default_tags" {
    defaults = { tags = { Project = "app" } }
  }
  mock_resource "aws_launch_template" {
    defaults = { id = "lt-00000000000000001", latest_version = 1 }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/app" }
  }
}

variables {
  name        = "app"
  subnet_ids  = ["subnet-1", "subnet-2"]
  api_clients = ["203.0.113.7/32"]
  admins      = { ci = "arn:aws:iam::123456789012:role/ci" }
}

run "standard_support_alone" {
  module {
    source = "./modules/cluster"
  }

  assert {
    condition     = aws_eks_cluster.this.upgrade_policy[0].support_type == "STANDARD"
    error_message = "extended support is never paid for"
  }
  assert {
    condition     = aws_eks_cluster.this.version == "1.35" && output.supported_until == "2027-03-27" && aws_eks_node_group.this.version == aws_eks_cluster.this.version
    error_message = "the version and the end of its support belong together"
  }
  assert {
    condition     = aws_eks_cluster.this.access_config[0].authentication_mode == "API" && aws_eks_access_policy_association.admin["ci"].principal_arn == "arn:aws:iam::123456789012:role/ci"
    error_message = "who administers it is said by access entries"
  }
  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_private_access && aws_eks_cluster.this.vpc_config[0].public_access_cidrs == toset(["203.0.113.7/32"])
    error_message = "known addresses alone reach the API server"
  }
  assert {
    condition     = contains(aws_eks_cluster.this.enabled_cluster_log_types, "audit") && aws_cloudwatch_log_group.control_plane.name == "/aws/eks/app/cluster" && aws_cloudwatch_log_group.control_plane.retention_in_days > 0
    error_message = "audit logs are kept, for some time"
  }
}

run "nodes_are_closed" {
  module {
    source = "./modules/cluster"
  }

  assert {
    condition     = aws_launch_template.nodes.metadata_options[0].http_tokens == "required" && aws_launch_template.nodes.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "pods do not reach the node's credentials"
  }
  assert {
    condition     = aws_launch_template.nodes.block_device_mappings[0].ebs[0].encrypted == "true"
    error_message = "disks are encrypted"
  }
  assert {
    condition     = jsondecode(aws_eks_addon.network["vpc-cni"].configuration_values).enableNetworkPolicy == "true"
    error_message = "network policies are in force"
  }
  assert {
    condition     = toset(keys(aws_eks_pod_identity_association.this)) == toset(["volumes", "load-balancer", "secrets"]) && contains(keys(aws_eks_addon.network), "eks-pod-identity-agent")
    error_message = "pods that call AWS have roles of their own"
  }
  assert {
    condition     = toset([for attachment in aws_iam_role_policy_attachment.managed : attachment.policy_arn if strcontains(attachment.policy_arn, "ContainerRegistry")]) == toset(["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"])
    error_message = "nodes pull images and push none"
  }
}

run "an_api_server_for_all_the_world" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    api_clients = ["0.0.0.0/0"]
  }

  expect_failures = [var.api_clients]
}

run "inside_the_vpc_alone" {
  module {
    source = "./modules/cluster"
  }

  variables {
    api_clients = []
  }

  assert {
    condition     = !aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    error_message = "nobody outside reaches the API server"
  }
}

run "a_version_out_of_support" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    kubernetes_version = "1.33"
  }

  expect_failures = [var.kubernetes_version]
}

run "nodes_out_of_order" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    nodes = { min = 3, desired = 2, max = 3 }
  }

  expect_failures = [var.nodes]
}
