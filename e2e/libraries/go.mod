module github.com/chanlint/chanlint/e2e/libraries

go 1.26.0

require (
	github.com/cenkalti/backoff/v4 v4.3.0
	github.com/cenkalti/backoff/v5 v5.0.3
	github.com/robfig/cron/v3 v3.0.1
)
