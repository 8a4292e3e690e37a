module example.org/e2e/pause

go 1.24
