// Package leaksend is being written.
package leaksend
