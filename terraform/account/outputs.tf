output "state_bucket" {
  description = "TF_STATE_BUCKET of everybody who works on the stacks."
  value       = module.state.bucket
}

output "role_arns" {
  description = "AWS_PLAN_ROLE and AWS_APPLY_ROLE of the workflows."
  value       = module.identity.role_arns
}

output "permissions_boundary" {
  description = "TF_VAR_permissions_boundary of workflows that apply."
  value       = module.identity.permissions_boundary
}
