resource "aws_ecr_repository" "this" {
  for_each = var.services

  name                 = "${var.prefix}/${each.key}"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = var.force_delete

  image_scanning_configuration {
    scan_on_push = true
  }
}

# A rule of ECR knows age and tags, not what runs: a release may be older than any limit and still be prod's.
# So releases have no rule, and their tags cannot be moved off them; only what no environment can name expires.
resource "aws_ecr_lifecycle_policy" "this" {
  for_each = aws_ecr_repository.this

  repository = each.value.name
  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Images of pull requests"
        selection = {
          tagStatus      = "tagged"
          tagPatternList = ["pr-*"]
          countType      = "sinceImagePushed"
          countUnit      = "days"
          countNumber    = var.pull_request_days
        }
        action = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "Interrupted pushes"
        selection = {
          tagStatus   = "untagged"
          countType   = "sinceImagePushed"
          countUnit   = "days"
          countNumber = var.untagged_days
        }
        action = { type = "expire" }
      },
    ]
  })
}
