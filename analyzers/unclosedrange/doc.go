// Package unclosedrange is being written.
package unclosedrange
