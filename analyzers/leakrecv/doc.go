// Package leakrecv is being written.
package leakrecv
