# `plan` sees how things are configured, not what is in them: neither secrets nor images nor tables.
resource "aws_iam_role_policy_attachment" "plan" {
  role       = aws_iam_role.this["plan"].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/ReadOnlyAccess"
}

data "aws_iam_policy_document" "plan" {
  statement {
    sid       = "NoContents"
    effect    = "Deny"
    actions   = ["secretsmanager:GetSecretValue", "ssm:GetParameter*", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "logs:GetLogEvents", "logs:FilterLogEvents"]
    resources = ["*"]
  }

  statement {
    sid           = "NoObjectsButStates"
    effect        = "Deny"
    actions       = ["s3:GetObject*"]
    not_resources = ["${var.state_bucket_arn}/*"]
  }
}

resource "aws_iam_role_policy" "plan" {
  name   = "contents"
  role   = aws_iam_role.this["plan"].id
  policy = data.aws_iam_policy_document.plan.json
}

# The most that roles of tasks, nodes and pods may do, whatever their policies say.
data "aws_iam_policy_document" "boundary" {
  statement {
    actions = [
      "acm:DescribeCertificate",
      "acm:ListCertificates",
      "autoscaling:*",
      "ec2:*",
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:GetAuthorizationToken",
      "ecr:GetDownloadUrlForLayer",
      "eks:Describe*",
      "eks-auth:AssumeRoleForPodIdentity",
      "elasticloadbalancing:*",
      "kms:DescribeKey",
      "logs:CreateLogStream",
      "logs:DescribeLogStreams",
      "logs:PutLogEvents",
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetSecretValue",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "boundary" {
  name        = "${var.name}-boundary"
  description = "The most that roles made by workflows may do"
  policy      = data.aws_iam_policy_document.boundary.json
}

data "aws_iam_policy_document" "apply" {
  statement {
    sid = "Services"
    actions = [
      "application-autoscaling:*",
      "budgets:*",
      "ec2:*",
      "ecr:*",
      "ecs:*",
      "eks:*",
      "elasticache:*",
      "elasticloadbalancing:*",
      "logs:*",
      "rds:*",
      "secretsmanager:*",
      "tag:GetResources",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "ReadIdentities"
    actions   = ["iam:Get*", "iam:List*"]
    resources = ["*"]
  }

  # Every role that it makes or fills is bounded, so none can do more than the boundary says.
  statement {
    sid       = "BoundedRoles"
    actions   = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePolicy"]
    resources = ["${local.own}:role/${var.resource_prefix}*"]

    condition {
      test     = "StringEquals"
      variable = "iam:PermissionsBoundary"
      values   = [aws_iam_policy.boundary.arn]
    }
  }

  statement {
    sid = "OwnRoles"
    actions = [
      "iam:DeleteRole",
      "iam:DeleteRolePolicy",
      "iam:DetachRolePolicy",
      "iam:TagRole",
      "iam:UntagRole",
      "iam:UpdateAssumeRolePolicy",
    ]
    resources = ["${local.own}:role/${var.resource_prefix}*"]
  }

  statement {
    sid       = "PassOwnRoles"
    actions   = ["iam:PassRole"]
    resources = ["${local.own}:role/${var.resource_prefix}*"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com", "eks.amazonaws.com", "ec2.amazonaws.com", "pods.eks.amazonaws.com"]
    }
  }

  statement {
    sid       = "ServiceLinkedRoles"
    actions   = ["iam:CreateServiceLinkedRole"]
    resources = ["${local.own}:role/aws-service-role/*"]
  }

  statement {
    sid       = "NotItself"
    effect    = "Deny"
    actions   = ["iam:*"]
    resources = concat([for role in aws_iam_role.this : role.arn], [aws_iam_policy.boundary.arn])
  }

  statement {
    sid       = "States"
    actions   = ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
    resources = [var.state_bucket_arn, "${var.state_bucket_arn}/*"]
  }
}

resource "aws_iam_role_policy" "apply" {
  name   = "stacks"
  role   = aws_iam_role.this["apply"].id
  policy = data.aws_iam_policy_document.apply.json
}
