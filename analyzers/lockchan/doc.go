// Package lockchan is being written.
package lockchan
