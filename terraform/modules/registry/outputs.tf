output "urls" {
  description = "Where images are pushed and pulled, by service."
  value       = { for service, repository in aws_ecr_repository.this : service => repository.repository_url }
}

output "arns" {
  description = "The repositories, for policies."
  value       = [for repository in aws_ecr_repository.this : repository.arn]
}

output "lifecycle_policies" {
  description = "What expires, by service."
  value       = { for service, policy in aws_ecr_lifecycle_policy.this : service => policy.policy }
}
