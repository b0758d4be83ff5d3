// Package sendclosed reports.
package sendclosed
