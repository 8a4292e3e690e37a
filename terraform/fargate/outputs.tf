output "url" {
  description = "Where the service answers."
  value       = module.load_balancer.url
}

output "data_store" {
  description = "Which routes answer: with `none` those with state say 503."
  value       = var.data_store
}

output "registry_urls" {
  description = "Where images are pushed, by service."
  value       = module.registry.urls
}

output "cluster" {
  description = "Name of the ECS cluster."
  value       = module.service.cluster
}

output "service" {
  description = "Name of the ECS service."
  value       = module.service.service
}

output "task_definition" {
  description = "The revision that the service is asked to run."
  value       = module.service.task_definition
}

output "log_group" {
  description = "Where the logs are."
  value       = module.service.log_group
}

output "lifecycle_policies" {
  description = "Which images expire, by service."
  value       = module.registry.lifecycle_policies
}
