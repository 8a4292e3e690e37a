mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["a", "b", "c"] }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-central-1" }
  }
}

variables {
  name = "app"
}

run "one_nat_serves_all_zones" {
  module {
    source = "./modules/network"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_eip.nat) == 1
    error_message = "one NAT gateway is paid for"
  }
  assert {
    condition     = alltrue([for route in aws_route.nat : route.destination_cidr_block == "0.0.0.0/0" && route.nat_gateway_id == aws_nat_gateway.this[0].id]) && length(aws_route.nat) == 2
    error_message = "both private subnets leave through it"
  }
  assert {
    condition     = length(aws_vpc_endpoint.service) == 0
    error_message = "endpoints are not paid for beside NAT"
  }
  assert {
    condition     = length(setintersection(aws_subnet.public[*].cidr_block, aws_subnet.private[*].cidr_block)) == 0 && length(distinct(aws_subnet.private[*].availability_zone)) == 2
    error_message = "subnets are apart, in two zones"
  }
  assert {
    condition     = alltrue([for subnet in concat(aws_subnet.public, aws_subnet.private) : subnet.map_public_ip_on_launch != true])
    error_message = "nothing gets a public address by itself"
  }
  assert {
    condition     = aws_vpc_endpoint.s3.service_name == "com.amazonaws.eu-central-1.s3" && length(aws_vpc_endpoint.s3.route_table_ids) == 2
    error_message = "layers come from S3 for free"
  }
}

run "nat_in_each_zone" {
  module {
    source = "./modules/network"
  }

  variables {
    zones        = 3
    nat_per_zone = true
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(distinct(aws_route.nat[*].nat_gateway_id)) == 3
    error_message = "each zone has its own way out"
  }
}

run "endpoints_instead_of_nat" {
  module {
    source = "./modules/network"
  }

  variables {
    egress = "endpoints"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_route.nat) == 0
    error_message = "nothing leads to the internet"
  }
  assert {
    condition     = toset(keys(aws_vpc_endpoint.service)) == toset(["ecr.api", "ecr.dkr", "logs"]) && alltrue([for endpoint in aws_vpc_endpoint.service : endpoint.private_dns_enabled])
    error_message = "the registry and the logs are reached by their usual names"
  }
  assert {
    condition     = aws_vpc_security_group_ingress_rule.endpoints[0].from_port == 443 && aws_vpc_security_group_ingress_rule.endpoints[0].cidr_ipv4 == "10.0.0.0/16"
    error_message = "the VPC alone reaches them, by HTTPS"
  }
}

run "an_endpoint_too_few" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    egress            = "endpoints"
    endpoint_services = ["ecr.api", "logs"]
  }

  expect_failures = [var.endpoint_services]
}

run "wrong_words" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    egress = "internet"
    zones  = 1
    cidr   = "10.0.0.0/28"
  }

  expect_failures = [var.egress, var.zones, var.cidr]
}
