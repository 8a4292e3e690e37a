# A service of ECS can be made only once a listener points at its target group.
output "target_group_arn" {
  description = "Where targets register."
  value       = aws_lb_target_group.this.arn
  depends_on  = [aws_lb_listener.http]
}

output "security_group_id" {
  description = "The group that requests come from."
  value       = aws_security_group.this.id
}

output "port" {
  description = "Port that clients call."
  value       = aws_lb_listener.http.port
}

output "url" {
  description = "Where clients call."
  value       = "http://${aws_lb.this.dns_name}${var.port == 80 ? "" : ":${var.port}"}"
}
