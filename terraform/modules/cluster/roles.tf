locals {
  policies = "arn:${data.aws_partition.current.partition}:iam::aws:policy"
  # Pods that call AWS, by what they are; their rights are in pods.tf.
  pods = {
    volumes       = { namespace = "kube-system", service_account = "ebs-csi-controller-sa" }
    load-balancer = { namespace = "kube-system", service_account = "aws-load-balancer-controller" }
    secrets       = { namespace = "external-secrets", service_account = "external-secrets" }
  }
  principals = merge(
    { cluster = "eks.amazonaws.com", node = "ec2.amazonaws.com" },
    { for pod in keys(local.pods) : pod => "pods.eks.amazonaws.com" },
  )
  managed = {
    cluster       = ["AmazonEKSClusterPolicy"]
    node          = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"]
    volumes       = ["service-role/AmazonEBSCSIDriverPolicy"]
    load-balancer = []
    secrets       = []
  }
  attachments = merge([for role, names in local.managed : { for name in names : "${role}/${name}" => { role = role, name = name } }]...)
}

data "aws_iam_policy_document" "assume" {
  for_each = local.principals

  statement {
    actions = each.value == "pods.eks.amazonaws.com" ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = [each.value]
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = local.principals

  name                 = "${var.name}-${each.key}"
  assume_role_policy   = data.aws_iam_policy_document.assume[each.key].json
  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy_attachment" "managed" {
  for_each = local.attachments

  role       = aws_iam_role.this[each.value.role].name
  policy_arn = "${local.policies}/${each.value.name}"
}

resource "aws_eks_pod_identity_association" "this" {
  for_each = local.pods

  cluster_name    = aws_eks_cluster.this.name
  namespace       = each.value.namespace
  service_account = each.value.service_account
  role_arn        = aws_iam_role.this[each.key].arn
}
