output "cluster" {
  description = "Name of the EKS cluster."
  value       = module.cluster.name
}

output "endpoint" {
  description = "Address of its API server."
  value       = module.cluster.endpoint
}

output "supported_until" {
  description = "Day on which standard support of its version ends."
  value       = module.cluster.supported_until
}

output "vpc_id" {
  description = "The VPC, which the load balancer controller is told."
  value       = module.network.vpc_id
}

output "pod_roles" {
  description = "Roles of pods that call AWS."
  value       = module.cluster.pod_roles
}

output "registry_urls" {
  description = "Where images are pushed, by service."
  value       = module.registry.urls
}

output "lifecycle_policies" {
  description = "Which images expire, by service."
  value       = module.registry.lifecycle_policies
}
