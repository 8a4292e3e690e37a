module promoter.bench/githttp

go 1.26.0
