// Package waitleak is being written.
package waitleak
