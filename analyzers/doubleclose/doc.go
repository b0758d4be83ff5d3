// Package doubleclose reports.
package doubleclose
