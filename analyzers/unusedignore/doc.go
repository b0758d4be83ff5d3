// Package unusedignore reports a comment that silences chanlint where there is
// nothing to silence.
//
// # What it reports
//
// A //lint:ignore or //lint:file-ignore with a name of chanlint's, or a //nolint
// that names chanlint, of which no finding makes use: the defect is repaired, the
// code has moved away from the comment, or the name is misspelt. A comment with
// several names is reported for those that are idle. Findings that are only
// likely count as use.
//
// It runs on request: chanlint -unused-suppressions, go vet with -unusedignore, or
// its name in a list of checks. It asks every check for its findings by itself,
// so the others need not run.
//
// # Example
//
//	done := make(chan struct{})
//	//lint:ignore chanlint/doubleclose both sides close   // unused suppression: no finding of chanlint/doubleclose here
//	close(done)
//
// # Corrected
//
//	done := make(chan struct{})
//	close(done)
//
// # What it stays silent about
//
// A //nolint for every linter, and names of other linters. Comments in generated
// files. It sees the files that are built: for a comment that matters only under
// another GOOS or build tag, run it there. Under golangci-lint a //nolint:chanlint
// silences what is reported on its own line, this included; the linter nolintlint
// reports it instead.
//
// # Silencing
//
//	//lint:ignore chanlint/unusedignore,chanlint/doubleclose only under GOOS=plan9
//	close(done)
package unusedignore
