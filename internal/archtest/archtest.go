// Package archtest holds the module to its layering: imports go down only. It
// consists of a test.
package archtest
