output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "cidr" {
  description = "Addresses of the VPC."
  value       = aws_vpc.this.cidr_block
}

# Tasks and nodes start only when their way to the registry is there.
output "private_subnet_ids" {
  description = "Subnets without a public address, one a zone."
  value       = aws_subnet.private[*].id
  depends_on  = [aws_route.nat, aws_route_table_association.private, aws_vpc_endpoint.s3, aws_vpc_endpoint.service]
}

output "public_subnet_ids" {
  description = "Subnets of load balancers, one a zone."
  value       = aws_subnet.public[*].id
  depends_on  = [aws_route.internet, aws_route_table_association.public]
}
