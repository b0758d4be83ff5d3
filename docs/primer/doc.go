// Package primer holds the programs that docs/primer.md quotes. They are
// examples, so that the tests compile and run them and compare what they print.
package primer
