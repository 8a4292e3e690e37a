output "database_url_secret_arn" {
  description = "Secret with the address of Postgres."
  value       = aws_secretsmanager_secret.database_url.arn
  depends_on  = [aws_secretsmanager_secret_version.database_url]
}

output "redis_url" {
  description = "Address of Redis; it holds no password."
  value       = "rediss://${aws_elasticache_replication_group.this.primary_endpoint_address}:6379"
}
