resource "aws_security_group" "this" {
  name        = "${var.name}-stores"
  description = "Postgres and Redis"
  vpc_id      = var.vpc_id
  tags        = { Name = "${var.name}-stores" }
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = { postgres = 5432, redis = 6379 }

  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.client_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

# The password is drawn once, read back from where it is kept, and stands in no state and in no plan.
ephemeral "aws_secretsmanager_random_password" "new" {
  password_length     = 32
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "password" {
  name                    = "${var.name}/postgres-password"
  description             = "Password of Postgres"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "password" {
  secret_id                = aws_secretsmanager_secret.password.id
  secret_string_wo         = ephemeral.aws_secretsmanager_random_password.new.random_password
  secret_string_wo_version = 1
}

ephemeral "aws_secretsmanager_secret_version" "password" {
  secret_id  = aws_secretsmanager_secret.password.id
  version_id = aws_secretsmanager_secret_version.password.version_id
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_db_instance" "this" {
  identifier                   = var.name
  engine                       = "postgres"
  engine_version               = var.postgres_version
  instance_class               = "db.t4g.micro"
  allocated_storage            = 20
  storage_type                 = "gp3"
  storage_encrypted            = true
  db_name                      = "app"
  username                     = "app"
  password_wo                  = ephemeral.aws_secretsmanager_secret_version.password.secret_string
  password_wo_version          = 1
  db_subnet_group_name         = aws_db_subnet_group.this.name
  vpc_security_group_ids       = [aws_security_group.this.id]
  multi_az                     = var.highly_available
  backup_retention_period      = var.backup_days
  auto_minor_version_upgrade   = true
  copy_tags_to_snapshot        = true
  performance_insights_enabled = false
  skip_final_snapshot          = !var.keep_final_snapshot
  final_snapshot_identifier    = var.keep_final_snapshot ? "${var.name}-final" : null
}

resource "aws_secretsmanager_secret" "database_url" {
  name                    = "${var.name}/database-url"
  description             = "Address of Postgres, with its password"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "database_url" {
  secret_id                = aws_secretsmanager_secret.database_url.id
  secret_string_wo         = "postgres://app:${ephemeral.aws_secretsmanager_secret_version.password.secret_string}@${aws_db_instance.this.address}:5432/app?sslmode=require"
  secret_string_wo_version = 1
}

resource "aws_elasticache_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

# Without a password: it would have to stand in the state. The security group and TLS close it instead.
resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = var.name
  description                = "Timestamps"
  engine                     = "valkey"
  engine_version             = var.redis_version
  node_type                  = "cache.t4g.micro"
  port                       = 6379
  num_cache_clusters         = var.highly_available ? 2 : 1
  automatic_failover_enabled = var.highly_available
  multi_az_enabled           = var.highly_available
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.this.id]
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
}
