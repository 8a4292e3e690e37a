output "next" {
  description = "What to do with it."
  value       = "make dashboard shows Argo CD; terraform destroy, or make cluster-down, takes it away"
}
