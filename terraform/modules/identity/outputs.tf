output "role_arns" {
  description = "Roles that workflows take, `plan` and `apply`."
  value       = { for kind, role in aws_iam_role.this : kind => role.arn }
}

output "subjects" {
  description = "Which workflows may take them."
  value       = local.subjects
}

output "permissions_boundary" {
  description = "TF_VAR_permissions_boundary of workflows that apply: without it they may make no role."
  value       = aws_iam_policy.boundary.arn
}
