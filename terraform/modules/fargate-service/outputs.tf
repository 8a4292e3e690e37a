output "cluster" {
  description = "Name of the cluster."
  value       = aws_ecs_cluster.this.name
}

output "service" {
  description = "Name of the service."
  value       = local.spare ? aws_ecs_service.scaled[0].name : aws_ecs_service.fixed[0].name
}

output "task_definition" {
  description = "The revision that the service is asked to run."
  value       = aws_ecs_task_definition.this.arn
}

output "security_group_id" {
  description = "Group of the tasks, for what they call."
  value       = aws_security_group.tasks.id
}

output "log_group" {
  description = "Where the logs are."
  value       = aws_cloudwatch_log_group.this.name
}
