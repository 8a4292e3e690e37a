output "bucket" {
  description = "Name of the bucket: TF_STATE_BUCKET."
  value       = aws_s3_bucket.this.bucket
}

output "arn" {
  description = "The bucket, for policies."
  value       = aws_s3_bucket.this.arn
}
