data "aws_partition" "current" {}

# Made here, so that it ends with the cluster; EKS would leave one behind.
resource "aws_cloudwatch_log_group" "control_plane" {
  name              = "/aws/eks/${var.name}/cluster"
  retention_in_days = var.log_retention_days
}

resource "aws_eks_cluster" "this" {
  name                          = var.name
  version                       = var.kubernetes_version
  role_arn                      = aws_iam_role.this["cluster"].arn
  enabled_cluster_log_types     = ["api", "audit", "authenticator"]
  bootstrap_self_managed_addons = false

  # At the end of standard support AWS upgrades it, instead of asking for six times the price.
  upgrade_policy {
    support_type = "STANDARD"
  }

  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = true
  }

  vpc_config {
    subnet_ids              = var.subnet_ids
    endpoint_private_access = true
    endpoint_public_access  = length(var.api_clients) > 0
    public_access_cidrs     = length(var.api_clients) > 0 ? var.api_clients : null
  }

  lifecycle {
    precondition {
      condition     = timecmp("${local.supported_until}T00:00:00Z", plantimestamp()) > 0
      error_message = "Standard support of Kubernetes ${var.kubernetes_version} ended on ${local.supported_until}: set kubernetes_version to a later one."
    }
  }

  depends_on = [aws_iam_role_policy_attachment.managed, aws_cloudwatch_log_group.control_plane]
}

resource "aws_eks_access_entry" "admin" {
  for_each = var.admins

  cluster_name  = aws_eks_cluster.this.name
  principal_arn = each.value
}

resource "aws_eks_access_policy_association" "admin" {
  for_each = aws_eks_access_entry.admin

  cluster_name  = aws_eks_cluster.this.name
  principal_arn = each.value.principal_arn
  policy_arn    = "arn:${data.aws_partition.current.partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

  access_scope {
    type = "cluster"
  }
}
