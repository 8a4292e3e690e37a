output "name" {
  description = "Name of the cluster."
  value       = aws_eks_cluster.this.name
}

output "endpoint" {
  description = "Address of the API server."
  value       = aws_eks_cluster.this.endpoint
}

output "supported_until" {
  description = "Day on which standard support of its version ends."
  value       = local.supported_until
}

output "pod_roles" {
  description = "Roles of pods that call AWS, by what they are."
  value       = { for pod in keys(local.pods) : pod => aws_iam_role.this[pod].arn }
}
