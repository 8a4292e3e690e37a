mock_provider "aws" {
  mock_resource "aws_lb" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/app/1", dns_name = "app.example.org" }
  }
  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/app/1" }
  }
  mock_resource "aws_lb_listener" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/app/1/2" }
  }
}

variables {
  name       = "app"
  vpc_id     = "vpc-1"
  vpc_cidr   = "10.0.0.0/16"
  subnet_ids = ["subnet-1", "subnet-2"]
}

run "port_80_from_everywhere" {
  module {
    source = "./modules/load-balancer"
  }

  assert {
    condition     = aws_lb_listener.http.port == 80 && aws_lb_listener.http.protocol == "HTTP" && output.url == "http://app.example.org"
    error_message = "clients call port 80"
  }
  assert {
    condition     = aws_lb.this.internal == false && aws_lb.this.load_balancer_type == "application" && aws_lb.this.drop_invalid_header_fields
    error_message = "the load balancer is external"
  }
  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.clients : rule.from_port == 80 && rule.to_port == 80 && rule.cidr_ipv4 == "0.0.0.0/0"])
    error_message = "everybody may call that port and no other"
  }
  assert {
    condition     = aws_vpc_security_group_egress_rule.targets.cidr_ipv4 == "10.0.0.0/16" && aws_vpc_security_group_egress_rule.targets.from_port == 8080
    error_message = "it reaches targets alone"
  }
  assert {
    condition     = aws_lb_target_group.this.target_type == "ip" && aws_lb_target_group.this.health_check[0].path == "/readyz"
    error_message = "targets are addresses, asked whether they are ready"
  }
  assert {
    condition     = tonumber(aws_lb_target_group.this.deregistration_delay) >= 10 && tonumber(aws_lb_target_group.this.deregistration_delay) <= 30
    error_message = "a request of 10 s ends before its task does"
  }
  assert {
    condition     = one(one(aws_lb_listener_rule.hidden[0].condition[*].path_pattern)[*].values) == toset(["/metrics"]) && aws_lb_listener_rule.hidden[0].action[0].fixed_response[0].status_code == "404"
    error_message = "metrics are not for everybody"
  }
}

run "instances_cannot_be_targets" {
  command = plan

  module {
    source = "./modules/load-balancer"
  }

  variables {
    target_type = "instance"
  }

  expect_failures = [var.target_type]
}
