module example.org/e2e/gitserver

go 1.24
