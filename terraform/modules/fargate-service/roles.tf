data "aws_partition" "current" {}

data "aws_iam_policy_document" "tasks_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

data "aws_iam_role" "execution" {
  count = var.execution_role_name == null ? 0 : 1

  name = var.execution_role_name
}

resource "aws_iam_role" "execution" {
  count = var.execution_role_name == null ? 1 : 0

  name                 = "${var.name}-execution"
  assume_role_policy   = data.aws_iam_policy_document.tasks_assume.json
  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy_attachment" "execution" {
  count = var.execution_role_name == null ? 1 : 0

  role       = aws_iam_role.execution[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

data "aws_iam_policy_document" "secrets" {
  count = var.secrets ? 1 : 0

  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [var.database_url_secret_arn]
  }
}

resource "aws_iam_role_policy" "secrets" {
  count = var.secrets ? 1 : 0

  name   = "${var.name}-secrets"
  role   = local.role_name
  policy = data.aws_iam_policy_document.secrets[0].json
}
