data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  here = "${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}"
  # The controller tags what it makes; only that may it change or delete.
  made_by_it = "elbv2.k8s.aws/cluster"
}

data "aws_iam_policy_document" "load_balancer" {
  statement {
    sid = "Look"
    actions = [
      "acm:DescribeCertificate",
      "acm:ListCertificates",
      "ec2:Describe*",
      "ec2:GetCoipPoolUsage",
      "ec2:GetSecurityGroupsForVpc",
      "elasticloadbalancing:Describe*",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "Make"
    actions   = ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/${local.made_by_it}"
      values   = [var.name]
    }
  }

  # Rules and listeners hang below a load balancer, whose tag is asked for when it is changed.
  statement {
    sid = "MakeBelow"
    actions = [
      "elasticloadbalancing:CreateListener",
      "elasticloadbalancing:CreateRule",
      "elasticloadbalancing:DeleteListener",
      "elasticloadbalancing:DeleteRule",
      "elasticloadbalancing:ModifyListener",
      "elasticloadbalancing:ModifyRule",
      "elasticloadbalancing:SetWebAcl",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "TagWhatIsMade"
    actions   = ["elasticloadbalancing:AddTags"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "elasticloadbalancing:CreateAction"
      values   = ["CreateTargetGroup", "CreateLoadBalancer", "CreateListener", "CreateRule"]
    }
  }

  statement {
    sid = "ChangeOwn"
    actions = [
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:DeleteLoadBalancer",
      "elasticloadbalancing:DeleteTargetGroup",
      "elasticloadbalancing:DeregisterTargets",
      "elasticloadbalancing:ModifyLoadBalancerAttributes",
      "elasticloadbalancing:ModifyTargetGroup",
      "elasticloadbalancing:ModifyTargetGroupAttributes",
      "elasticloadbalancing:RegisterTargets",
      "elasticloadbalancing:RemoveTags",
      "elasticloadbalancing:SetIpAddressType",
      "elasticloadbalancing:SetSecurityGroups",
      "elasticloadbalancing:SetSubnets",
    ]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/${local.made_by_it}"
      values   = [var.name]
    }
  }

  statement {
    sid       = "MakeGroups"
    actions   = ["ec2:CreateSecurityGroup"]
    resources = ["*"]
  }

  statement {
    sid       = "TagGroups"
    actions   = ["ec2:CreateTags"]
    resources = ["arn:${data.aws_partition.current.partition}:ec2:${local.here}:security-group/*"]

    condition {
      test     = "StringEquals"
      variable = "ec2:CreateAction"
      values   = ["CreateSecurityGroup"]
    }
  }

  # Rules are also put into the cluster's own group, which EKS tags.
  statement {
    sid       = "ChangeGroups"
    actions   = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress", "ec2:DeleteSecurityGroup"]
    resources = ["*"]

    condition {
      test     = "ForAnyValue:StringLike"
      variable = "aws:ResourceTag/${local.made_by_it}"
      values   = [var.name]
    }
  }

  statement {
    sid       = "OpenNodes"
    actions   = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/aws:eks:cluster-name"
      values   = [var.name]
    }
  }
}

data "aws_iam_policy_document" "secrets" {
  statement {
    sid     = "OwnSecrets"
    actions = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    # AWS adds a dash and six characters of its own to a name.
    resources = [for entry in var.secret_entries : "arn:${data.aws_partition.current.partition}:secretsmanager:${local.here}:secret:${entry}-??????"]
  }
}

resource "aws_iam_role_policy" "pods" {
  for_each = {
    load-balancer = data.aws_iam_policy_document.load_balancer.json
    secrets       = data.aws_iam_policy_document.secrets.json
  }

  name   = "aws"
  role   = aws_iam_role.this[each.key].id
  policy = each.value
}
